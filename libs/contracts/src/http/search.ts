import { z } from 'zod';
import { Message } from './messages.js';

export const SearchQuery = z.strictObject({
  q: z.string().trim().min(1).max(200),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export type SearchQuery = z.infer<typeof SearchQuery>;
export const SearchResult = z.object({ data: z.array(z.object({ message: Message })), nextCursor: z.null() });
export type SearchResult = z.infer<typeof SearchResult>;

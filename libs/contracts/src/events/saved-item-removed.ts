import { z } from 'zod';
import { MessageId } from '../ids.js';
import { event } from './envelope.js';

/** To all devices of the person who had saved it. Saving again makes a higher `version` than this one. */
export const SavedItemRemoved = event(
  'saved_item.removed',
  z.object({ messageId: MessageId, version: z.int() }),
);
export type SavedItemRemoved = z.infer<typeof SavedItemRemoved>;

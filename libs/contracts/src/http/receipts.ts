import { z } from 'zod';
import { pageOf } from '../page.js';
import { User } from './accounts.js';

/** In larger channels nobody is told who has read what. */
export const MAX_RECEIPT_MEMBERS = 1000;

/** Who has read a message: how many in all, and a page of them by name. */
export const Receipts = z.object({ count: z.int(), readers: pageOf(User) });
export type Receipts = z.infer<typeof Receipts>;

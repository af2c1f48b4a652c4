import { z } from 'zod';
import { pageOf } from '../page.js';
import { User } from './accounts.js';

/** In larger channels nobody is told who has read what. */
export const MAX_RECEIPT_MEMBERS = 1000;

/** Who has read a message, by name; `count` is how many they are in all. */
export const Receipts = pageOf(User).extend({ count: z.int() });
export type Receipts = z.infer<typeof Receipts>;

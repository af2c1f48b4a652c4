import type { SendMailOptions } from 'nodemailer';
import type { Mail } from './letter.js';

/** What every mail of ours has: nobody need answer it, and no out-of-office does (RFC 3834). */
export const messageOf = (mail: Mail, from: string): SendMailOptions => ({
  ...mail,
  from,
  headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
});

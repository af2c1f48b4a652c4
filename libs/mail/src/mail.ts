import type { SendMailOptions } from 'nodemailer';

/** A mail as it is sent. */
export type Mail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** `<left@right>`; made by the transport where it is not given. */
  messageId?: string;
  /** The mail that this one continues: mail programs show them as one conversation. */
  inReplyTo?: string;
  /** Besides those that every mail has. */
  headers?: Record<string, string>;
};

/** What every mail of ours has: nobody need answer it, and no out-of-office does (RFC 3834). */
export const messageOf = ({ inReplyTo, headers, ...mail }: Mail, from: string): SendMailOptions => ({
  ...mail,
  ...(inReplyTo === undefined ? {} : { inReplyTo, references: inReplyTo }),
  from,
  headers: { ...headers, 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
});

import { FolderMailer } from './folder-mailer.js';
import type { Mailer } from './mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

export type MailSettings = { smtpUrl?: string | undefined; from: string; directory: string };

/** By SMTP where there is a server, else into the folder. */
export const openMailer = ({ smtpUrl, from, directory }: MailSettings): Mailer =>
  smtpUrl ? new SmtpMailer(smtpUrl, from) : new FolderMailer(directory, from);

import type { Mail } from './mail.js';

/** Hands mails over for delivery. Rejects when that failed; whoever sends tries again. */
export abstract class Mailer {
  abstract send(mail: Mail): Promise<void>;
  abstract close(): void;
}

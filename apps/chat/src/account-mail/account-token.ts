import { createHash, randomBytes } from 'node:crypto';

export type TokenPurpose = 'verify_email' | 'change_email' | 'reset_password';
/** What a link is mailed for. The first password of an account that somebody else made is chosen as a lost one is. */
export type LinkKind = TokenPurpose | 'first_password';

const HOUR_MS = 3_600_000;
/** How long a link works: the more it opens, the shorter. */
export const LIFETIME_MS: Record<LinkKind, number> = {
  verify_email: 7 * 24 * HOUR_MS,
  change_email: 24 * HOUR_MS,
  reset_password: HOUR_MS,
  // Nobody waits for it: it lies in the mailbox until its reader is back at work.
  first_password: 7 * 24 * HOUR_MS,
};

export const purposeOf = (kind: LinkKind): TokenPurpose =>
  kind === 'first_password' ? 'reset_password' : kind;

/** Stored hashed, and found by the hash: comparing takes no time that would tell anything of it. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
export const newToken = (): string => randomBytes(32).toString('base64url');

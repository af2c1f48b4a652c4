import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserId } from '#contracts';

/** What else may ever be signed with the same key is not this. */
const PURPOSE = 'parley: no more notification mails, 1';

const signature = (bytes: Buffer, key: string): Buffer =>
  createHmac('sha256', key).update(PURPOSE).update('\0').update(bytes).digest();

/**
 * The token of the link by which somebody stops their mails without signing in: who, and our signature. It can do
 * that and nothing else, and works for as long as the key does, for mails are kept for long.
 */
export const unsubscribeToken = (userId: UserId, key: string): string => {
  const bytes = Buffer.from(userId.replaceAll('-', ''), 'hex');
  return Buffer.concat([bytes, signature(bytes, key)]).toString('base64url');
};

/** Whose it is; null for what we have not signed. */
export const userOfToken = (token: string, key: string): UserId | null => {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 48 || bytes.toString('base64url') !== token) return null;
  const [id, signed] = [bytes.subarray(0, 16), bytes.subarray(16)];
  if (!timingSafeEqual(signature(id, key), signed)) return null;
  const parsed = UserId.safeParse(id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
  return parsed.success ? parsed.data : null;
};

export const unsubscribeUrl = (publicUrl: string, userId: UserId, key: string): string =>
  `${publicUrl}/api/v1/email-unsubscriptions/${unsubscribeToken(userId, key)}`;

import { createHash } from 'node:crypto';

/** What became of a request with a key: under way, or answered. */
export type Kept = { fingerprint: string } & ({ reply: null } | { reply: Reply });
export type Reply = { status: number; type: string; body: string };

/** What to do with a request whose key is known. */
export const judge = (kept: Kept, fingerprint: string): 'replay' | 'wait' | 'reused' => {
  if (kept.fingerprint !== fingerprint) return 'reused';
  return kept.reply ? 'replay' : 'wait';
};

/** Two requests are the same when they ask the same of the same. */
export const fingerprintOf = (method: string, url: string, body: unknown): string => {
  const bytes = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null);
  return createHash('sha256').update(`${method} ${url}\n`).update(bytes).digest('base64url');
};

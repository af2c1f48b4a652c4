import { createHash } from 'node:crypto';

/** `1358546515.000008`: seconds and microseconds, which name a message within its channel. */
const TS = /^(\d{1,12})\.(\d{6})$/;
const DAY_MS = 86_400_000;

/** The time that a ts tells, null when it tells none that a message can have. */
export const parseTs = (ts: string, now: number): { ms: number; micros: number } | null => {
  const [, seconds, fraction] = TS.exec(ts) ?? [];
  if (seconds === undefined || fraction === undefined) return null;
  const micros = Number(fraction);
  const ms = Number(seconds) * 1000 + Math.floor(micros / 1000);
  return ms > 0 && ms <= now + DAY_MS ? { ms, micros: micros % 1000 } : null;
};

/** The ts of a message of ours. Messages of one millisecond are told apart by their seq. */
export const tsOf = (createdAt: Date, seq: number): string => {
  const ms = createdAt.getTime();
  const fraction = String((ms % 1000) * 1000 + (seq % 1000)).padStart(6, '0');
  return `${Math.floor(ms / 1000)}.${fraction}`;
};

/** Orders by time; texts of other lengths than usual too. */
export const compareTs = (a: string, b: string): number =>
  a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : a.length - b.length;

const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
const variant = (digit: string) => ((Number.parseInt(digit, 16) & 0x3) | 0x8).toString(16);

/**
 * The id that a message of a source gets in a workspace: always the same one, so that a step done twice
 * does nothing twice; a UUIDv7 of the time it was written, so that it sorts among ours.
 */
export const messageIdOf = (
  { ms, micros }: { ms: number; micros: number },
  ...source: readonly string[]
): string => {
  const digest = createHash('sha256').update(source.join('\u0000')).digest('hex');
  const time = ms.toString(16).padStart(12, '0').slice(-12);
  const order = (micros << 2).toString(16).padStart(3, '0');
  return uuid(`${time}7${order}${variant(digest.charAt(0))}${digest.slice(1, 16)}`);
};

/** Names the import of a message as the send it stands for; any UUID does. */
export const clientIdOf = (...source: readonly string[]): string => {
  const digest = createHash('sha256')
    .update(`send\u0000${source.join('\u0000')}`)
    .digest('hex');
  return uuid(
    `${digest.slice(0, 12)}8${digest.slice(13, 16)}${variant(digest.charAt(16))}${digest.slice(17, 32)}`,
  );
};

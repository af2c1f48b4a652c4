import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** How secret scanners recognise a personal access token, together with its checksum. */
const PREFIX = 'parley_pat_';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 22;
/** Digits of 176 bits, and of 32. */
const SECRET_DIGITS = 30;
const CHECKSUM_DIGITS = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_DIGITS + CHECKSUM_DIGITS}}$`);

const base62 = (value: bigint, digits: number): string => {
  let text = '';
  for (let rest = value; text.length < digits; rest /= 62n) text = BASE62[Number(rest % 62n)] + text;
  return text;
};
const checksum = (text: string): string => base62(BigInt(crc32(text)), CHECKSUM_DIGITS);

/** `parley_pat_`, 176 random bits, and a checksum over both. */
export const newAccessToken = (): string => {
  const secret = PREFIX + base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_DIGITS);
  return secret + checksum(secret);
};

export const isAccessToken = (token: string): boolean => token.startsWith(PREFIX);

/** Under what a token is stored; null for one that was never made, as its checksum tells. */
export const accessTokenHash = (token: string): Buffer | null => {
  if (!FORM.test(token)) return null;
  const end = token.length - CHECKSUM_DIGITS;
  if (checksum(token.slice(0, end)) !== token.slice(end)) return null;
  return createHash('sha256').update(token).digest();
};

/** Enough of a token to tell it from others, and nothing to guess it from. */
export const accessTokenHint = (token: string): string => token.slice(0, PREFIX.length + 4);

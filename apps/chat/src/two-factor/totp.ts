import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Parley';
const STEP_MS = 30_000;
/** Steps a clock may be off, to either side. */
const LEEWAY = 1;
const SECRET_BYTES = 20;

/** RFC 6238 as every authenticator app knows it: SHA-1, six digits, half a minute. */
const totpOf = (secret: Secret, label: string) =>
  new TOTP({ issuer: ISSUER, label, secret, algorithm: 'SHA1', digits: 6, period: STEP_MS / 1000 });

export const newTotpSecret = (): Buffer => Buffer.from(new Secret({ size: SECRET_BYTES }).bytes);

const secretOf = (bytes: Buffer) => new Secret({ buffer: new Uint8Array(bytes).buffer });

/** As people type it, and as a QR code carries it. */
export const presentSecret = (bytes: Buffer, account: string): { secret: string; uri: string } => {
  const secret = secretOf(bytes);
  return { secret: secret.base32, uri: totpOf(secret, account).toString() };
};

/** The time step that `code` belongs to; null for a wrong code. */
export const stepOf = (bytes: Buffer, code: string, now: Date): number | null => {
  const timestamp = now.getTime();
  const delta = totpOf(secretOf(bytes), '').validate({ token: code, timestamp, window: LEEWAY });
  return delta === null ? null : Math.floor(timestamp / STEP_MS) + delta;
};

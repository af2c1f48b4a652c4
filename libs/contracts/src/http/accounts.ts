import { z } from 'zod';
import { ImageId, SessionId, Timestamp, UserId } from '../ids.js';
import { Label } from '../text.js';
import { Status } from './status.js';

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const DisplayName = Label.min(1).max(80);
/** Counted in UTF-16 units; the upper bound keeps hashing bounded. */
export const Password = z.string().min(8).max(256);
/** `cookie`: tokens only in httpOnly cookies (browsers). `token`: tokens in the body (programs). */
export const TokenTransport = z.enum(['token', 'cookie']).default('token');

/** What everyone in a shared workspace may see of a person. */
export const User = z.object({
  id: UserId,
  name: DisplayName,
  kind: z.enum(['user', 'bot']),
  title: z.string().optional(),
  pronouns: z.string().optional(),
  /** IANA name; absent while the person has not said. */
  timeZone: z.string().optional(),
  avatarImageId: ImageId.optional(),
  /** Absent when there is none or it has run out. */
  status: Status.optional(),
  /** The account was deleted; what it wrote stays. */
  deleted: z.literal(true).optional(),
  /** Grows with each change; absent before the first. The higher one is newer. */
  version: z.int().min(1).optional(),
});
export type User = z.infer<typeof User>;

export const Me = User.extend({
  email: z.string(),
  emailVerified: z.boolean(),
  /** The address that is to replace `email` once it is confirmed. */
  pendingEmail: z.string().optional(),
  /** BCP 47 language tag; absent while the person has not said. */
  locale: z.string().optional(),
  createdAt: Timestamp,
});
export type Me = z.infer<typeof Me>;

export const Register = z.strictObject({
  email: Email,
  name: DisplayName,
  password: Password,
  transport: TokenTransport,
});
export type Register = z.infer<typeof Register>;

export const Login = z.strictObject({
  email: Email,
  password: z.string().min(1).max(256),
  transport: TokenTransport,
});
export type Login = z.infer<typeof Login>;

/** Without `refreshToken` the refresh cookie is used. */
export const Refresh = z.strictObject({ refreshToken: z.string().max(128).optional() });
export type Refresh = z.infer<typeof Refresh>;

export const AuthResult = z.object({
  user: Me,
  sessionId: SessionId,
  /** Seconds until the access token expires. */
  expiresIn: z.int(),
  /** Absent when the tokens travel in cookies. */
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
});
export type AuthResult = z.infer<typeof AuthResult>;

/** OAuth 2.0 client credentials (RFC 6749 §4.4) for the built-in bot service. */
export const ServiceTokenRequest = z.strictObject({
  clientId: z.literal('bot'),
  clientSecret: z.string().min(32).max(256),
});
export type ServiceTokenRequest = z.infer<typeof ServiceTokenRequest>;
export const ServiceToken = z.object({ accessToken: z.string(), expiresIn: z.int(), userId: UserId });
export type ServiceToken = z.infer<typeof ServiceToken>;

/** What opened a session: the password alone, the password and a code, or a passkey. */
export const SessionProof = z.enum(['password', 'two_factor', 'passkey']);
export type SessionProof = z.infer<typeof SessionProof>;

export const Session = z.object({
  id: SessionId,
  userAgent: z.string(),
  /** `userAgent` in words: "Firefox on Linux". */
  device: z.string(),
  ip: z.string(),
  openedBy: SessionProof,
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;

export const Jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

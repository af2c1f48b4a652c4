import { z } from 'zod';
import { PasskeyId, Timestamp } from '../ids.js';
import { Label } from '../text.js';
import { TokenTransport } from './accounts.js';

/** base64url without padding, as WebAuthn has all bytes in JSON. */
const Bytes = z
  .string()
  .max(16_384)
  .regex(/^[A-Za-z0-9_-]+$/, 'base64url');
const Transports = z.array(z.string().max(32)).max(10);
const Credential = z.object({ id: Bytes, type: z.literal('public-key'), transports: Transports.optional() });

export const PasskeyName = Label.min(1).max(80);

export const Passkey = z.object({
  id: PasskeyId,
  name: z.string(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
  /** Synced between devices, as passkeys of phones and password managers are. */
  synced: z.boolean(),
});
export type Passkey = z.infer<typeof Passkey>;

export const Passkeys = z.object({
  passkeys: z.array(Passkey),
  /** +1 with each change; 0 before the first. The higher one is newer. */
  version: z.int().min(0),
});
export type Passkeys = z.infer<typeof Passkeys>;

export const StartPasskey = z.strictObject({ password: z.string().min(1).max(256) });
export type StartPasskey = z.infer<typeof StartPasskey>;

/** For `navigator.credentials.create` (WebAuthn §5.4), through `PublicKeyCredential.parseCreationOptionsFromJSON`. */
export const PasskeyCreationOptions = z.looseObject({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
  timeout: z.int(),
  excludeCredentials: z.array(Credential),
});
export type PasskeyCreationOptions = z.infer<typeof PasskeyCreationOptions>;

/** `PublicKeyCredential.toJSON()` of what `create` resolved to. */
const Registration = z.object({
  id: Bytes,
  rawId: Bytes,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
  response: z.object({ clientDataJSON: Bytes, attestationObject: Bytes, transports: Transports.optional() }),
});

export const AddPasskey = z.strictObject({ name: PasskeyName, credential: Registration });
export type AddPasskey = z.infer<typeof AddPasskey>;

export const RenamePasskey = z.strictObject({ name: PasskeyName });
export type RenamePasskey = z.infer<typeof RenamePasskey>;

/** For `navigator.credentials.get`; names no credential, so the device offers those it has for us. */
export const PasskeyRequestOptions = z.looseObject({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.int(),
  userVerification: z.literal('required'),
});
export type PasskeyRequestOptions = z.infer<typeof PasskeyRequestOptions>;

/** `PublicKeyCredential.toJSON()` of what `get` resolved to. */
const Assertion = z.object({
  id: Bytes,
  rawId: Bytes,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
  response: z.object({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: Bytes.nullish(),
  }),
});

export const PasskeyLogin = z.strictObject({ credential: Assertion, transport: TokenTransport });
export type PasskeyLogin = z.infer<typeof PasskeyLogin>;

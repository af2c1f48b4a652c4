import { z } from 'zod';
import { TokenTransport } from './accounts.js';

/** As an authenticator app shows it. */
export const TotpCode = z.string().regex(/^\d{6}$/, 'six digits');
/** `abcd-efgh-jkmn-pqrs`: 80 random bits in base32. Case and hyphens don't matter. */
export const RecoveryCode = z
  .string()
  .trim()
  .toLowerCase()
  .max(40)
  .regex(/^[a-z2-7][a-z2-7 -]*$/, 'a recovery code');
/** The account's, for what a session left unattended must not be able to do. */
const CurrentPassword = z.string().min(1).max(256);

/** State of my second factor. `pending` until the first code proves that the app has the secret. */
export const TwoFactor = z.object({
  totp: z.enum(['off', 'pending', 'on']),
  recoveryCodesLeft: z.int().min(0),
  /** +1 with each change; 0 before the first. The higher one is newer. */
  version: z.int().min(0),
});
export type TwoFactor = z.infer<typeof TwoFactor>;

export const StartTotp = z.strictObject({ password: CurrentPassword });
export type StartTotp = z.infer<typeof StartTotp>;

/** Shown once: for the app, as a QR code of `uri` or to be typed. */
export const TotpSecret = z.object({ secret: z.string(), uri: z.string() });
export type TotpSecret = z.infer<typeof TotpSecret>;

export const ConfirmTotp = z.strictObject({ code: TotpCode });
export type ConfirmTotp = z.infer<typeof ConfirmTotp>;

/** Shown once: only hashes are stored. Each works once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

const eitherCode = (proof: { code?: unknown; recoveryCode?: unknown }) =>
  (proof.code === undefined) !== (proof.recoveryCode === undefined);
const either = { path: ['code'], message: 'either code or recoveryCode' };
const Codes = z.strictObject({ code: TotpCode.optional(), recoveryCode: RecoveryCode.optional() });

/** The password and a code of the app, or a recovery code. */
export const BothFactors = Codes.extend({ password: CurrentPassword }).refine(eitherCode, either);
export type BothFactors = z.infer<typeof BothFactors>;

/** `challenge` comes with `auth.two_factor_required`. */
export const CompleteLogin = Codes.extend({
  challenge: z.string().min(1).max(128),
  transport: TokenTransport,
}).refine(eitherCode, either);
export type CompleteLogin = z.infer<typeof CompleteLogin>;

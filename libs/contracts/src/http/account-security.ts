import { z } from 'zod';
import { Email, Password } from './accounts.js';

/** What a link in a mail carries behind its `#`: 256 random bits, base64url. */
export const MailToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** As it was typed, whatever rules new passwords have. */
const CurrentPassword = z.string().min(1).max(256);

export const VerifyEmail = z.strictObject({ token: MailToken });
export type VerifyEmail = z.infer<typeof VerifyEmail>;

export const ForgotPassword = z.strictObject({ email: Email });
export type ForgotPassword = z.infer<typeof ForgotPassword>;

export const ResetPassword = z.strictObject({ token: MailToken, password: Password });
export type ResetPassword = z.infer<typeof ResetPassword>;

export const ChangePassword = z.strictObject({ currentPassword: CurrentPassword, password: Password });
export type ChangePassword = z.infer<typeof ChangePassword>;

export const ChangeEmail = z.strictObject({ email: Email, password: CurrentPassword });
export type ChangeEmail = z.infer<typeof ChangeEmail>;

export const DeleteAccount = z.strictObject({ password: CurrentPassword });
export type DeleteAccount = z.infer<typeof DeleteAccount>;

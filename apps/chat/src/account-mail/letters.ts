import type { Letter } from '../mail/letter.js';
import type { LinkKind } from './account-token.js';

/** The page of the web client that takes the token. */
export const PAGES: Record<LinkKind, string> = {
  verify_email: '/verify-email',
  change_email: '/verify-email',
  reset_password: '/reset-password',
  first_password: '/reset-password',
};

/**
 * Mails whose link acts for the account; it carries the token behind its `#`, which no server logs. An
 * address that nobody has confirmed is not told a name: anyone could have written an advertisement into it.
 */
export const linkLetters: Record<LinkKind, (to: string, name: string, link: string) => Letter> = {
  verify_email: (to, _name, link) => ({
    to,
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'Hello,',
      'please confirm that this is your e-mail address. The link works for seven days.',
      'If you did not register, ignore this mail.',
    ],
    action: { label: 'Confirm the address', url: link },
  }),
  change_email: (to, _name, link) => ({
    to,
    subject: 'Confirm your new e-mail address',
    paragraphs: [
      'Hello,',
      'please confirm that your account should use this e-mail address. The link works for one day.',
      'If you did not ask for this, ignore this mail.',
    ],
    action: { label: 'Use this address', url: link },
  }),
  reset_password: (to, name, link) => ({
    to,
    subject: 'Reset your password',
    paragraphs: [
      `Hello ${name},`,
      'someone, hopefully you, asked to reset the password of your account. The link works for one hour, and once.',
      'If it was not you, ignore this mail: your password stays as it is.',
    ],
    action: { label: 'Choose a new password', url: link },
  }),
  first_password: (to, _name, link) => ({
    to,
    subject: 'Choose your password',
    paragraphs: [
      'Hello,',
      'an account was made for you at this e-mail address. Choose a password, and you are in. The link works for seven days, and once.',
      'If it has run out, ask for a new password where you sign in. If you expect no account, ignore this mail.',
    ],
    action: { label: 'Choose a password', url: link },
  }),
};

/** Mails that only tell. */
export const letters = {
  passwordChanged: (to: string, name: string, publicUrl: string): Letter => ({
    to,
    subject: 'Your password was changed',
    paragraphs: [
      `Hello ${name},`,
      'the password of your account was just changed, and other devices were signed out.',
      'If it was not you, reset your password at once.',
    ],
    action: { label: 'Reset the password', url: `${publicUrl}/forgot-password` },
  }),
  emailChanged: (to: string, name: string): Letter => ({
    to,
    subject: 'Your e-mail address was changed',
    paragraphs: [
      `Hello ${name},`,
      'your account now uses another e-mail address, and this one no longer signs in to it.',
      'If it was not you, ask an admin of your workspace for help at once.',
    ],
  }),
  emailInUse: (to: string, publicUrl: string): Letter => ({
    to,
    subject: 'You already have an account',
    paragraphs: [
      'Hello,',
      'someone, hopefully you, wanted to give another account this e-mail address, but there is an account with it already.',
      'If you forgot its password, you can reset it. If it was not you, ignore this mail.',
    ],
    action: { label: 'Reset the password', url: `${publicUrl}/forgot-password` },
  }),
};

import { z } from 'zod';
import { AuthResult } from '../http/accounts.js';
import * as passkeys from '../http/passkeys.js';
import { PasskeyId } from '../ids.js';
import { open, signedIn } from './access.js';
import type { Route } from './route.js';

const peopleOnly = { ...signedIn, bot: 'permission.denied' } as const;
const aboutPasskey = {
  ...signedIn,
  ...Object.fromEntries(
    (['stranger', 'removed', 'guest', 'member', 'admin', 'owner'] as const).map((kind) => [
      kind,
      'passkey.not_found' as const,
    ]),
  ),
  bot: 'permission.denied',
} as const;
export const PasskeyParams = z.strictObject({ passkeyId: PasskeyId });

export const passkeysRoutes = {
  startPasskeyLogin: {
    method: 'POST',
    path: '/auth/passkey/options',
    service: 'chat',
    tag: 'auth',
    summary: 'What a device has to sign to start a session with a passkey',
    access: open,
    auth: false,
    status: 200,
    response: passkeys.PasskeyRequestOptions,
    errors: [],
  },
  loginWithPasskey: {
    method: 'POST',
    path: '/auth/passkey',
    service: 'chat',
    tag: 'auth',
    summary: 'Start a session with a passkey; it counts as both factors',
    access: open,
    auth: false,
    body: passkeys.PasskeyLogin,
    status: 200,
    response: AuthResult,
    errors: ['auth.passkey_invalid'],
  },
  listPasskeys: {
    method: 'GET',
    path: '/me/passkeys',
    service: 'chat',
    tag: 'security',
    summary: 'My passkeys',
    access: peopleOnly,
    status: 200,
    response: passkeys.Passkeys,
    errors: ['permission.denied'],
  },
  startPasskey: {
    method: 'POST',
    path: '/me/passkeys/options',
    service: 'chat',
    tag: 'security',
    summary: 'What a device needs to make a passkey',
    access: peopleOnly,
    body: passkeys.StartPasskey,
    status: 200,
    response: passkeys.PasskeyCreationOptions,
    errors: ['permission.denied', 'auth.password_wrong', 'passkey.too_many'],
  },
  addPasskey: {
    method: 'POST',
    path: '/me/passkeys',
    service: 'chat',
    tag: 'security',
    summary: 'Keep the passkey that a device has made',
    access: peopleOnly,
    body: passkeys.AddPasskey,
    status: 201,
    response: passkeys.Passkey,
    errors: ['permission.denied', 'passkey.invalid', 'passkey.exists', 'passkey.too_many'],
  },
  renamePasskey: {
    method: 'PATCH',
    path: '/me/passkeys/:passkeyId',
    service: 'chat',
    tag: 'security',
    summary: 'Rename one of my passkeys',
    access: aboutPasskey,
    params: PasskeyParams,
    body: passkeys.RenamePasskey,
    status: 200,
    response: passkeys.Passkey,
    errors: ['permission.denied', 'passkey.not_found'],
  },
  removePasskey: {
    method: 'DELETE',
    path: '/me/passkeys/:passkeyId',
    service: 'chat',
    tag: 'security',
    summary: 'Delete one of my passkeys; it opens no session any more',
    access: aboutPasskey,
    params: PasskeyParams,
    status: 204,
    errors: ['permission.denied', 'passkey.not_found'],
  },
} as const satisfies Record<string, Route>;

import { z } from 'zod';
import * as tokens from '../http/access-tokens.js';
import { AccessTokenId } from '../ids.js';
import { peopleOnly } from './access.js';
import type { Route } from './route.js';

export const AccessTokenParams = z.strictObject({ accessTokenId: AccessTokenId });

export const accessTokensRoutes = {
  listAccessTokens: {
    method: 'GET',
    path: '/me/access-tokens',
    service: 'chat',
    tag: 'security',
    summary: 'My personal access tokens',
    access: peopleOnly,
    status: 200,
    response: tokens.AccessTokens,
    errors: ['permission.denied'],
  },
  createAccessToken: {
    method: 'POST',
    path: '/me/access-tokens',
    service: 'chat',
    tag: 'security',
    summary: 'Create a token for a program that acts for me, within its scopes',
    access: peopleOnly,
    body: tokens.CreateAccessToken,
    status: 201,
    response: tokens.CreatedAccessToken,
    errors: ['permission.denied', 'auth.password_wrong', 'access_token.too_many'],
  },
  revokeAccessToken: {
    method: 'DELETE',
    path: '/me/access-tokens/:accessTokenId',
    service: 'chat',
    tag: 'security',
    summary: 'Revoke a token, at once; its streams end',
    access: peopleOnly,
    params: AccessTokenParams,
    status: 204,
    errors: ['permission.denied', 'access_token.not_found'],
  },
} as const satisfies Record<string, Route>;

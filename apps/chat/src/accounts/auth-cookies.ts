import type { FastifyReply } from 'fastify';
import { ACCESS_COOKIE, REFRESH_COOKIE } from '#platform';
import type { AuthResult } from '#contracts';
import type { ChatConfig } from '../config.js';
import type { Authenticated } from './auth.service.js';

const REFRESH_PATH = '/api/v1/auth';
const DAY_S = 86_400;

/** httpOnly, same-site cookies: script can't read them and other sites can't send them. */
const setAuthCookies = (
  reply: FastifyReply,
  auth: Authenticated,
  options: { secure: boolean; sessionDays: number },
): void => {
  const common = { httpOnly: true, sameSite: 'strict', secure: options.secure } as const;
  void reply.setCookie(ACCESS_COOKIE, auth.accessToken, { ...common, path: '/', maxAge: auth.expiresIn });
  void reply.setCookie(REFRESH_COOKIE, auth.refreshToken, {
    ...common,
    path: REFRESH_PATH,
    maxAge: options.sessionDays * DAY_S,
  });
};

/** Gives the tokens of a new session to the client: in the body for programs, in cookies for browsers. */
export const handOver = (
  auth: Authenticated,
  transport: 'token' | 'cookie',
  reply: FastifyReply,
  config: ChatConfig,
): AuthResult => {
  if (transport === 'token') return auth;
  const { accessToken: _access, refreshToken: _refresh, ...rest } = auth;
  setAuthCookies(reply, auth, {
    secure: config.publicUrl.startsWith('https:'),
    sessionDays: config.auth.sessionDays,
  });
  return rest;
};

export const clearAuthCookies = (reply: FastifyReply): void => {
  void reply.clearCookie(ACCESS_COOKIE, { path: '/' });
  void reply.clearCookie(REFRESH_COOKIE, { path: REFRESH_PATH });
};

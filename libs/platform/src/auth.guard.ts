import {
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { DomainError } from './domain-error.js';
import type { Principal } from './principal.js';
import { requireScope } from './token-scopes.js';
import { TokenVerifier } from './token-verifier.js';

export const ACCESS_COOKIE = 'parley_access';
export const REFRESH_COOKIE = 'parley_refresh';
const PUBLIC = 'parley:public';

/** Opens a route to anonymous callers; every other route needs a token. */
export const Public = () => SetMetadata(PUBLIC, true);

/** The authenticated caller of a route. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest()),
);

type WithPrincipal = FastifyRequest & { principal?: Principal };
const principalOf = (request: WithPrincipal): Principal => {
  if (!request.principal) throw new DomainError('auth.unauthenticated');
  return request.principal;
};

/** The access token of a request: `Authorization: Bearer`, else the cookie; never the URL. */
export const accessTokenOf = (headers: {
  authorization?: string | undefined;
  cookie?: string | undefined;
}): string | null => {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) return /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? null;
  if (cookie === undefined) return null;
  for (const pair of cookie.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === ACCESS_COOKIE) return pair.slice(at + 1).trim();
  }
  return null;
};

const admit = (request: WithPrincipal, principal: Principal): true => {
  const { scopes } = principal;
  if (scopes !== null) requireScope(scopes, request.method, request.routeOptions.url ?? '');
  request.principal = principal;
  return true;
};

/** Global guard: denies whatever is not `@Public()` and carries no valid token, or a personal one without the scope. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    protected readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true;
    if (this.reflector.get<boolean>(PUBLIC, context.getHandler())) return true;
    const request = context.switchToHttp().getRequest<WithPrincipal>();
    const principal = this.identify(request, context);
    return principal instanceof Promise
      ? principal.then((verified) => admit(request, verified))
      : admit(request, principal);
  }

  /** Who makes the request. Throws (or rejects with) what they are told instead. */
  protected identify(request: FastifyRequest, _context: ExecutionContext): Principal | Promise<Principal> {
    const token = accessTokenOf(request.headers);
    if (token === null) throw new DomainError('auth.unauthenticated');
    return this.verifier.verify(token);
  }
}

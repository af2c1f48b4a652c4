import { ACCESS_COOKIE, REFRESH_COOKIE } from '#platform';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Hosts a browser may send credentials from: the public one, and the one it believes to talk to. */
export const isOwnOrigin = (origin: string, publicOrigin: string, host: string | undefined): boolean => {
  if (origin === publicOrigin) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && originHost === host.toLowerCase();
};

type Asking = {
  method?: string | undefined;
  headers: {
    authorization?: string | undefined;
    cookie?: string | undefined;
    origin?: string | undefined;
    host?: string | undefined;
  };
};

/**
 * Whether a request that changes something may be believed to come from our own pages. One that is
 * authenticated by cookie must say so with `Origin`. One that opens a session may do without `Origin`, as
 * programs do, if it brings no session; a foreign page always has one and is refused.
 */
export const mayCarryCookies = (
  { method = 'GET', headers }: Asking,
  opensSession: boolean,
  publicOrigin: string,
): boolean => {
  if (SAFE.has(method)) return true;
  const { authorization, cookie, origin, host } = headers;
  const bySession = authorization === undefined && cookie !== undefined && hasSession(cookie);
  if (!bySession && !opensSession) return true;
  if (origin === undefined) return !bySession;
  return isOwnOrigin(origin, publicOrigin, host);
};

const hasSession = (cookie: string): boolean =>
  cookie.includes(`${ACCESS_COOKIE}=`) || cookie.includes(`${REFRESH_COOKIE}=`);

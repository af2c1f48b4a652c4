import { routes, type CallerKind, type Route } from '#contracts';
import type { Person, Reply } from '../running-chat.js';
import { rows } from './rows.js';
import type { World } from './world.js';

/** A request of any row, once its types don't matter any more. */
export type AnyRequest = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  as?: Person;
};
type AnyRow = (world: World, caller: CallerKind) => AnyRequest | Promise<AnyRequest>;

export const operations = Object.entries<Route>(routes).filter(([, { service }]) => service === 'chat');

/** A valid request to an operation. */
export const requestTo = async (world: World, id: string, caller: CallerKind): Promise<AnyRequest> =>
  ((rows as unknown as Record<string, AnyRow>)[id] as AnyRow)(world, caller);

const urlOf = ({ path }: Route, { params = {}, query = {} }: AnyRequest): string => {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] as string));
  const search = new URLSearchParams(query).toString();
  return search === '' ? filled : `${filled}?${search}`;
};

export const send = (
  world: World,
  route: Route,
  request: AnyRequest,
  caller: CallerKind,
): Promise<Reply<object>> =>
  world.chat.call<object>(`${route.method} ${urlOf(route, request)}`, {
    token: caller === 'anonymous' ? undefined : (request.as ?? world.people[caller]).token,
    body: request.body,
    ...(request.headers ? { headers: request.headers } : {}),
  });

/** `ok`, or the code of the problem with what it points to. */
export const verdictOf = ({ status, body }: Reply<object>): string =>
  status >= 200 && status < 300
    ? 'ok'
    : [body.code ?? status, ...(body.errors ?? []).map(({ pointer }) => pointer)].join(' ');

/** Somebody of whom the operation is accepted. */
export const accepted = ({ access }: Route): CallerKind => (access.owner === 'ok' ? 'owner' : 'member');

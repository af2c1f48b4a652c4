import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callerKinds, routes, type CallerKind, type Route } from '#contracts';
import type { Person } from '../running-chat.js';
import { rows } from './rows.js';
import { World } from './world.js';

type AnyRequest = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  as?: Person;
};
type AnyRow = (world: World, caller: CallerKind) => AnyRequest | Promise<AnyRequest>;

const operations = Object.entries<Route>(routes).filter(([, { service }]) => service === 'chat');
const table = rows as unknown as Record<string, AnyRow>;

const urlOf = ({ path }: Route, { params = {}, query = {} }: AnyRequest): string => {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] as string));
  const search = new URLSearchParams(query).toString();
  return search === '' ? filled : `${filled}?${search}`;
};

describe('who may call what', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  /** `ok`, or the code of the problem. */
  const verdictOf = async (id: string, route: Route, caller: CallerKind): Promise<string> => {
    const request = await (table[id] as AnyRow)(world, caller);
    const person = caller === 'anonymous' ? undefined : (request.as ?? world.people[caller]);
    const { status, body } = await world.chat.call(`${route.method} ${urlOf(route, request)}`, {
      token: person?.token,
      body: request.body,
      ...(request.headers ? { headers: request.headers } : {}),
    });
    if (status >= 200 && status < 300) return 'ok';
    return `${body.code ?? status}${body.errors ? ` ${JSON.stringify(body.errors)}` : ''}`;
  };

  it('is known for every route', () => {
    expect(Object.keys(rows).sort()).toEqual(operations.map(([id]) => id).sort());
  });

  it.each(operations)('%s', async (id, route) => {
    const verdicts: Partial<Record<CallerKind, string>> = {};
    for (const caller of callerKinds) verdicts[caller] = await verdictOf(id, route, caller);
    expect(verdicts).toEqual(route.access);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { accepted, operations, requestTo, send, verdictOf, type AnyRequest } from './calls.js';
import { World } from './world.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const JSON_TYPE = { 'content-type': 'application/json' };

/** What is wrong with each of these, and what is answered. None is accepted, so the rest can be the same. */
const wrongs = ({ params = {}, query = {}, body }: AnyRequest, takes: { query: boolean; body: boolean }) => {
  const cases: [change: AnyRequest, verdict: string][] = [];
  for (const [name, good] of Object.entries(params))
    // Random ids, as others make them, are none of ours.
    for (const bad of ['nonsense', '\0', ...(UUID.test(good) ? [randomUUID()] : [])])
      cases.push([{ params: { ...params, [name]: bad } }, `request.invalid /path/${name}`]);
  if (takes.query) cases.push([{ query: { ...query, stray: 'x' } }, 'request.invalid /query/stray']);
  if (!takes.body) return cases;
  const fields = body as Record<string, unknown>;
  for (const name of Object.keys(fields))
    cases.push([{ body: { ...fields, [name]: { not: 'this' } } }, `request.invalid /${name}`]);
  return [
    ...cases,
    [{ body: { ...fields, stray: 'x' } }, 'request.invalid /stray'],
    [{ body: [fields] }, 'request.invalid '],
    [{ body: '{"cut off', headers: JSON_TYPE }, 'request.malformed'],
    [{ body: 'x', headers: { 'content-type': 'text/plain' } }, 'request.unsupported_media_type'],
  ] satisfies [AnyRequest, string][];
};

describe('what does not fit is named', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  const inputs = operations.filter(([, { params, query, body }]) => params ?? query ?? body);
  it.each(inputs)('%s', async (id, route) => {
    const caller = accepted(route);
    const request = await requestTo(world, id, caller);
    const cases = wrongs(request, { query: route.query !== undefined, body: route.body !== undefined });
    expect(cases).not.toEqual([]);
    for (const [change, verdict] of cases) {
      const given = verdictOf(await send(world, route, { ...request, ...change }, caller));
      expect([change, given]).toEqual([change, expect.stringMatching(new RegExp(`^${verdict}(/| |$)`))]);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callerKinds, scopeOf, type CallerKind } from '#contracts';
import { operations, Place } from './place.js';
import { requestTo } from './requests.js';

describe('who may call what', () => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.start();
  });
  afterAll(() => place?.stop());
  const tokenOf = (caller: CallerKind) => (caller === 'anonymous' ? undefined : place.people[caller].token);

  it.each(operations)('%s', async (id, route) => {
    const verdicts: Partial<Record<CallerKind, string>> = {};
    for (const caller of callerKinds)
      verdicts[caller] = await place.verdict(route, await requestTo(place, id, caller), tokenOf(caller));
    expect(verdicts).toEqual(route.access);
  });

  it.each(operations)('%s takes a personal access token with its scope, and no other', async (id, route) => {
    const scope = scopeOf(route);
    const request = await requestTo(place, id, 'member');
    if (route.auth === false) {
      // Nobody is asked for a token, so it is not looked at.
      expect(await place.verdict(route, request, place.program())).toBe('ok');
      return;
    }
    if (scope === null) {
      expect(await place.verdict(route, request, place.program('*'))).toBe('auth.session_required');
      return;
    }
    expect(await place.verdict(route, request, place.program(scope))).toBe(route.access.member);
    const other = scope.endsWith(':read') ? scope.replace('read', 'write') : scope.replace('write', 'read');
    for (const token of [place.program(), place.program(other, 'messages:read')])
      expect(await place.verdict(route, request, token)).toBe('permission.scope_missing');
  });

  it.each(operations)('%s is refused with bad input, which it points to', async (id, route) => {
    const { token } = place.people.member;
    for (const name of Object.keys(route.params?.shape ?? {})) {
      const request = await requestTo(place, id, 'member');
      const verdict = await place.verdict(
        route,
        { ...request, params: { ...request.params, [name]: 'x' } },
        token,
      );
      expect(verdict).toBe(`request.invalid /path/${name}`);
    }
    if (route.query) {
      const request = await requestTo(place, id, 'member');
      const query = { ...request.query, stray: 'x' };
      expect(await place.verdict(route, { ...request, query }, token)).toBe('request.invalid /query/stray');
    }
    if (route.body) {
      const request = await requestTo(place, id, 'member');
      const body = { ...(request.body as object), stray: 'x' };
      expect(await place.verdict(route, { ...request, body }, token)).toBe('request.invalid /stray');
    }
  });
});

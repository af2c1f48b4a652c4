import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callerKinds, type CallerKind } from '#contracts';
import { operations, requestTo, send, verdictOf } from './calls.js';
import { rows } from './rows.js';
import { World } from './world.js';

describe('who may call what', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  it('is known for every route', () => {
    expect(Object.keys(rows).sort()).toEqual(operations.map(([id]) => id).sort());
  });

  it.each(operations)('%s', async (id, route) => {
    const verdicts: Partial<Record<CallerKind, string>> = {};
    for (const caller of callerKinds)
      verdicts[caller] = verdictOf(await send(world, route, await requestTo(world, id, caller), caller));
    expect(verdicts).toEqual(route.access);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routes, type OperationId, type Route } from '#contracts';
import { actions, elsewhere } from './events/actions.js';
import { Feed, Observer } from './events/observer.js';
import { World } from './events/world.js';

/** After Zulip's `verify_action`: what an action tells must be all that a client needs to know of it. */
describe('applying the events of an action equals fetching', () => {
  let world: World;
  let feed: Feed;
  let observers: Observer[];

  beforeAll(async () => {
    world = await World.create();
    feed = new Feed(world);
    await feed.next();
    observers = await Promise.all(world.people.map((person) => Observer.of(world, person)));
  });
  afterAll(() => world.chat.stop());

  it('is checked for every operation that changes something', () => {
    const changing = Object.entries<Route>(routes)
      .filter(([, route]) => route.service === 'chat' && route.method !== 'GET')
      .map(([operation]) => operation);
    const covered = [...Object.keys(actions), ...Object.keys(elsewhere)];
    expect(changing.filter((operation) => !covered.includes(operation))).toEqual([]);
    expect(covered.filter((operation) => !changing.includes(operation))).toEqual([]);
    expect(Object.keys(actions).filter((operation) => operation in elsewhere)).toEqual([]);
  });

  it.each(Object.keys(actions) as OperationId[])('%s', async (operation) => {
    const act = await (actions[operation] as NonNullable<(typeof actions)[OperationId]>)(world);
    // What had to be there before is told, too, and heard with the rest.
    const before = await feed.next();
    for (const observer of observers) await observer.compare(before);
    await act();
    const events = await feed.next();
    expect(events.length).toBeGreaterThan(0);
    for (const observer of observers) {
      const { applied, fetched } = await observer.compare(events);
      expect(applied).toEqual(fetched);
    }
  });
});

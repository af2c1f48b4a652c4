import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Presence, UserId, WorkspaceId } from '#contracts';
import { Watches } from './watches.js';

type Stream = { name: string };
const w = 'w' as WorkspaceId;
const id = (n: number) => `u${n}` as UserId;
const presence = (n: number, version: number): Presence => ({
  userId: id(n),
  state: 'online',
  lastSeenAt: null,
  version,
});
const place = (viewer: number) => ({ workspaceId: w, viewerId: id(viewer), byChannels: false, at: 1 });

describe('watches', () => {
  let watches: Watches<Stream>;
  const told: { name: string; presences: Presence[] }[] = [];
  const flush = () => {
    told.length = 0;
    watches.flush(({ name }, _watch, json) =>
      told.push({ name, presences: JSON.parse(`[${json}]`) as Presence[] }),
    );
    return told.map(
      ({ name, presences }) => `${name}: ${presences.map((p) => `${p.userId}@${p.version}`).join()}`,
    );
  };
  const watch = (name: string, viewer: number, ...people: number[]) => {
    const stream = { name };
    watches.set(
      stream,
      place(viewer),
      people.map((n) => ({ userId: id(n), version: 1 })),
    );
    return stream;
  };
  beforeEach(() => {
    watches = new Watches();
  });

  it('tell all changes of a tick at once, the newest of each person, and nothing twice', () => {
    watch('a', 0, 1, 2);
    watch('b', 0, 2);
    for (const [n, version] of [
      [1, 2],
      [2, 2],
      [2, 4],
      [2, 3],
      [3, 2],
      [1, 1],
    ] as const)
      watches.changed(presence(n, version));
    expect(flush()).toEqual(['a: u1@2,u2@4', 'b: u2@4']);
    expect(flush()).toEqual([]);
    watches.changed(presence(2, 4));
    expect(flush()).toEqual([]);
  });

  it('follow what the stream shows now, and end with it', () => {
    const stream = watch('a', 0, 1, 2);
    watches.changed(presence(1, 2));
    watches.set(stream, place(0), [{ userId: id(2), version: 1 }]);
    watches.changed(presence(2, 2));
    expect(flush()).toEqual(['a: u2@2']);
    watches.changed(presence(2, 3));
    watches.remove(stream);
    expect(flush()).toEqual([]);
    expect(watches.people()).toEqual([]);
  });

  it('say nothing of those who left, and wait while it is asked what may be said', () => {
    const stream = watch('a', 0, 1, 2);
    watches.changed(presence(1, 2));
    watches.changed(presence(2, 2));
    watches.leave(w, id(1));
    const asking = watches.set(stream, { ...place(0), byChannels: true }, [{ userId: id(2), version: 1 }]);
    if (!asking) throw new Error('was not set');
    expect([...watches.ofGuests()]).toEqual([asking]);
    asking.asking = true;
    watches.changed(presence(2, 5));
    expect(flush()).toEqual([]);
    asking.asking = false;
    expect(flush()).toEqual(['a: u2@5']);
    watches.changed(presence(1, 5));
    expect(flush()).toEqual([]);
  });

  it('catch up with what happened on their way, and give way to the list that was judged later', () => {
    const first = watch('a', 0, 1);
    watches.changed(presence(1, 5));
    const late = { name: 'b' };
    const set = watches.set(late, { ...place(0), at: 7 }, [{ userId: id(1), version: 2 }]);
    // Everyone was told of 5 before: only the one who came later has to catch up.
    watches.changed(presence(1, 5));
    expect(flush()).toEqual(['a: u1@5']);
    if (set) watches.catchUp(set, [presence(1, 5), presence(2, 5)]);
    expect(flush()).toEqual(['b: u1@5']);
    expect(watches.set(late, { ...place(0), at: 6 }, [])).toBeNull();
    watches.remove(first);
    expect(watches.people()).toEqual([id(1)]);
    expect([watches.knows(id(1)), watches.knows(id(2))]).toEqual([true, false]);
  });

  it('cost a change as much as there are streams that show the person, however many are online', () => {
    const people = 10_000;
    const shown = 50;
    for (let n = 0; n < people; n++)
      watch(String(n), n, ...Array.from({ length: shown }, (_, k) => 1 + ((n + k) % (people - 1))));
    watch('one', 0, people + 1);
    watches.work = 0;
    watches.changed(presence(people + 2, 2));
    expect(watches.work).toBe(0);
    watches.changed(presence(people + 1, 2));
    expect(watches.work).toBe(1);
    watches.work = 0;
    watches.changed(presence(5000, 2));
    expect(watches.work).toBe(shown);
    // And the next tick only as much as there are streams to tell.
    expect(flush()).toHaveLength(shown + 1);
    expect(watches.work).toBe(2 * shown + 1);
    watches.work = 0;
    expect(flush()).toEqual([]);
    expect(watches.work).toBe(0);
  });

  it('end at the newest state of everyone who is shown, whatever comes in which order', () => {
    const events = fc.array(
      fc.oneof(
        fc.record({ n: fc.nat(4), version: fc.integer({ min: 2, max: 30 }) }),
        fc.constant('tick' as const),
      ),
    );
    fc.assert(
      fc.property(events, (script) => {
        watches = new Watches();
        watch('a', 0, 0, 1, 2);
        const seen = new Map<string, number>();
        const take = () => {
          flush();
          for (const { presences } of told)
            for (const { userId, version } of presences) {
              expect(version).toBeGreaterThan(seen.get(userId) ?? 1);
              seen.set(userId, version);
            }
        };
        const newest = new Map<string, number>();
        for (const step of script) {
          if (step === 'tick') take();
          else {
            watches.changed(presence(step.n, step.version));
            if (step.n < 3) newest.set(id(step.n), Math.max(step.version, newest.get(id(step.n)) ?? 0));
          }
        }
        take();
        expect(seen).toEqual(newest);
      }),
    );
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVENTS_STREAM, type EventOf } from '#contracts';
import { EventPublisher, outbound, OutboxRelay, type OutboxRow } from '#bus';
import { aMessage, aMessageCreated, eventually } from '#testing';
import { BusHarness } from './harness.js';
import { MemoryOutbox } from './memory-outbox.js';

describe('OutboxRelay', () => {
  let harness: BusHarness;
  let store: MemoryOutbox;
  let relays: OutboxRelay[];
  let refusing: Set<string> | 'all';
  let published: string[];

  beforeAll(async () => {
    harness = await BusHarness.start();
  });
  afterAll(() => harness.stop());
  beforeEach(async () => {
    await harness.bus.jsm.streams.purge(EVENTS_STREAM);
    harness.lines.length = 0;
    store = new MemoryOutbox();
    relays = [];
    refusing = new Set();
    published = [];
  });
  afterEach(() => Promise.all(relays.map((relay) => relay.stop())));

  /** A process's relay; its publisher notes what it sent and can be made to fail. */
  const startRelay = (): OutboxRelay => {
    const publisher = new EventPublisher(harness.bus.nats);
    const observed = {
      publish: async (row: OutboxRow) => {
        if (refusing === 'all' || refusing.has(row.position)) throw new Error('refused');
        published.push(row.position);
        await publisher.publish(row);
      },
    };
    const relay = new OutboxRelay(store, observed as unknown as EventPublisher, harness.log);
    relay.start();
    relays.push(relay);
    return relay;
  };
  const commit = (count: number): OutboxRow[] =>
    store.append(
      ...Array.from({ length: count }, (_, index) => {
        const message = aMessage({ seq: index + 1 });
        return outbound(aMessageCreated(message), { scope: 'channel', id: message.channelId }, 1);
      }),
    );
  const stored = async (): Promise<string[]> => {
    const { state } = await harness.bus.jsm.streams.info(EVENTS_STREAM);
    const ids: string[] = [];
    for (let seq = state.first_seq; state.messages > 0 && seq <= state.last_seq; seq++) {
      const message = await harness.bus.jsm.streams.getMessage(EVENTS_STREAM, { seq });
      if (message) ids.push(message.json<EventOf<'message.created'>>().id);
    }
    return ids;
  };
  const emptied = (timeoutMs?: number) =>
    eventually(() => expect(store.rows).toEqual([]), timeoutMs === undefined ? {} : { timeoutMs });
  /** After the sweeper has looked once more. */
  const swept = async () => {
    const { sweeps } = store;
    await eventually(() => expect(store.sweeps).toBeGreaterThan(sweeps + 1));
  };
  const ids = (rows: OutboxRow[]) => rows.map(({ id }) => id);

  it('publishes what was committed from memory, in order, and removes it', async () => {
    // Nothing grows old, so there is nothing for the sweeper.
    const now = Date.now();
    store.now = () => now;
    const relay = startRelay();
    const rows = commit(300);
    relay.enqueue(rows);
    await emptied();
    expect(await stored()).toEqual(ids(rows));
    expect(harness.lines).toEqual([]);
  });

  it('stores an event once that is published twice', async () => {
    const relay = startRelay();
    const rows = commit(3);
    relay.enqueue(rows);
    relay.enqueue(rows);
    await emptied();
    expect(await stored()).toEqual(ids(rows));
  });

  it('sends what failed, and all that came after it, through the sweeper in order', async () => {
    const relay = startRelay();
    refusing = 'all';
    const first = commit(5);
    relay.enqueue(first);
    await eventually(() => expect(harness.lines).toContain('publishing failed; events wait in the outbox'));
    const second = commit(5);
    relay.enqueue(second);
    expect(published).toEqual([]);
    refusing = new Set();
    await emptied();
    expect(await stored()).toEqual(ids([...first, ...second]));
    expect(harness.lines).toContain('the sweeper published what was left in the outbox');
    // And directly again after that.
    const third = commit(1);
    relay.enqueue(third);
    await emptied(500);
    expect((await stored()).at(-1)).toBe(third[0]?.id);
  });

  it('is not held up by one event that cannot be published', async () => {
    const relay = startRelay();
    const rows = commit(3);
    refusing = new Set([(rows[1] as OutboxRow).position]);
    relay.enqueue(rows);
    await eventually(() => expect(store.rows).toHaveLength(1));
    const later = commit(2);
    relay.enqueue(later);
    await eventually(() => expect(store.rows).toHaveLength(1));
    refusing = new Set();
    await emptied();
    expect((await stored()).sort()).toEqual(ids([...rows, ...later]).sort());
  });

  it('finds what a crashed process left, but not what another is about to publish', async () => {
    let now = Date.now();
    store.now = () => now;
    const left = commit(600);
    now += 2_900;
    const fresh = commit(1);
    now += 100;
    startRelay();
    await eventually(() => expect(store.rows).toHaveLength(1));
    expect(await stored()).toEqual(ids(left));
    now += 2_899;
    await swept();
    expect(store.rows).toHaveLength(1);
    now += 1;
    await emptied();
    expect((await stored()).at(-1)).toBe(fresh[0]?.id);
  });

  it('leaves the sweep to the process that holds it', async () => {
    store.locked = true;
    commit(2);
    for (const row of store.rows) row.storedAt -= 10_000;
    startRelay();
    await swept();
    expect(published).toEqual([]);
    store.locked = false;
    await emptied();
  });

  it('publishes again, under the same id, what the store could not remove', async () => {
    const relay = startRelay();
    store.down = true;
    const rows = commit(2);
    relay.enqueue(rows);
    await eventually(() => expect(harness.lines).toContain('published outbox rows could not be removed'));
    await eventually(() => expect(harness.lines).toContain('the outbox could not be swept'));
    store.down = false;
    await emptied();
    expect(published.length).toBeGreaterThan(2);
    expect(await stored()).toEqual(ids(rows));
  });

  it('takes no more than it can hold in memory; the rest waits in the table', async () => {
    const relay = startRelay();
    const rows = commit(9000);
    relay.enqueue(rows.slice(0, 8000));
    relay.enqueue(rows.slice(8000));
    await emptied();
    expect(harness.lines).toContain('publishing failed; events wait in the outbox');
    const { state } = await harness.bus.jsm.streams.info(EVENTS_STREAM);
    expect(state.messages).toBe(9000);
  });

  it('finishes what is in flight when stopped, and takes nothing new', async () => {
    const relay = startRelay();
    const rows = commit(200);
    relay.enqueue(rows);
    await relay.stop();
    expect(store.rows).toEqual([]);
    relay.enqueue(commit(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(store.rows).toHaveLength(1);
  });

  it('loses nothing and doubles nothing over kill -9 of NATS', async () => {
    const relay = startRelay();
    const rows: OutboxRow[] = [];
    let stop = false;
    const committing = (async () => {
      while (!stop) {
        const batch = commit(20);
        rows.push(...batch);
        relay.enqueue(batch);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (let crash = 0; crash < 3; crash++) {
      const before = rows.length;
      await eventually(() => expect(rows.length).toBeGreaterThan(before + 200));
      await harness.nats.kill('SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 200));
      await harness.nats.restart();
    }
    stop = true;
    await committing;
    await emptied(30_000);
    const inStream = await stored();
    expect(new Set(inStream)).toEqual(new Set(ids(rows)));
    expect(inStream).toHaveLength(rows.length);
  });
});

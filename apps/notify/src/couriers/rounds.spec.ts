import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#core';
import { createLogger } from '#platform';
import type { DeliveriesService } from '../notifications/deliveries.service.js';
import type { ClaimedDelivery, SettledDelivery } from '../notifications/delivery.js';
import type { Courier } from './courier.js';
import { Rounds } from './rounds.js';

const delivery = (id: string): ClaimedDelivery =>
  ({ id, attempt: 1, channel: 'push', dueAt: new Date(), createdAt: new Date() }) as ClaimedDelivery;
const SENT = { state: 'sent' } as const;

/** Hands out `due` once; notes what is settled, and fails as often as told. */
class FakeDeliveries {
  readonly settled: SettledDelivery[] = [];
  claims = 0;
  failures = 0;
  constructor(private due: ClaimedDelivery[]) {}

  async claim(): Promise<ClaimedDelivery[]> {
    this.claims++;
    return this.due.splice(0);
  }

  async settle(settled: readonly SettledDelivery[]): Promise<number> {
    if (this.failures-- > 0) throw new Error('the database is away');
    this.settled.push(...settled);
    return settled.length;
  }

  get states() {
    return this.settled.map(({ id, outcome }) => [
      id,
      'errorCode' in outcome ? outcome.errorCode : outcome.state,
    ]);
  }
}

describe('the rounds of a courier', () => {
  let rounds: Rounds;
  afterEach(() => rounds.stop());
  const start = (deliveries: FakeDeliveries, deliver: Courier['deliver'], leaseMs = 60_000) => {
    rounds = new Rounds({
      courier: { channel: 'push', deliver },
      deliveries: deliveries as unknown as DeliveriesService,
      logger: createLogger('test', 'silent'),
      clock: new SystemClock(),
      pollMs: 5,
      leaseMs,
    });
    rounds.start(Promise.resolve());
  };

  it('settle each delivery as it is reported, and go on', async () => {
    const deliveries = new FakeDeliveries([delivery('a'), delivery('b')]);
    start(deliveries, async (claimed, report) => {
      for (const one of claimed) await report(one, SENT);
    });
    await delay(60);
    expect(deliveries.states).toEqual([
      ['a', 'sent'],
      ['b', 'sent'],
    ]);
    expect(deliveries.claims).toBeGreaterThan(2);
  });

  it('leave alone what a courier has no word about, for it is no longer owed', async () => {
    const deliveries = new FakeDeliveries([delivery('a')]);
    start(deliveries, async () => undefined);
    await delay(40);
    expect(deliveries.settled).toEqual([]);
  });

  it('finish what is under way when they are to stop, and give back the rest', async () => {
    const deliveries = new FakeDeliveries([delivery('a'), delivery('b'), delivery('c')]);
    const begun = Promise.withResolvers<void>();
    start(deliveries, async (claimed, report, { begin, finish }) => {
      for (const one of claimed) {
        if (begin.aborted) return;
        begun.resolve();
        await delay(50);
        expect(finish.aborted).toBe(false);
        await report(one, SENT);
      }
    });
    await begun.promise;
    await rounds.stop();
    expect(deliveries.states).toEqual([
      ['a', 'sent'],
      ['b', 'interrupted'],
      ['c', 'interrupted'],
    ]);
    expect(deliveries.claims).toBe(1);
  });

  it('begin nothing when the lease is nearly over, for somebody else may have it soon', async () => {
    const deliveries = new FakeDeliveries([delivery('a'), delivery('b')]);
    start(
      deliveries,
      async (claimed, report, { begin }) => {
        for (const one of claimed) {
          if (begin.aborted) return;
          await delay(90);
          await report(one, SENT);
        }
      },
      100,
    );
    await delay(150);
    expect(deliveries.states).toEqual([
      ['a', 'sent'],
      ['b', 'interrupted'],
    ]);
  });

  it('bring back what a defect left, and nothing that was sent before it', async () => {
    const deliveries = new FakeDeliveries([delivery('a'), delivery('b')]);
    start(deliveries, async ([first], report) => {
      await report(first as ClaimedDelivery, SENT);
      throw new Error('a defect');
    });
    await delay(40);
    expect(deliveries.states).toEqual([
      ['a', 'sent'],
      ['b', 'internal'],
    ]);
  });

  it('try again to settle, or what was sent would be sent again', async () => {
    const deliveries = new FakeDeliveries([delivery('a')]);
    deliveries.failures = 1;
    start(deliveries, ([first], report) => report(first as ClaimedDelivery, SENT));
    await delay(400);
    expect(deliveries.states).toEqual([['a', 'sent']]);
  });
});

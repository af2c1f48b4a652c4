import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#core';
import type { Logger } from '#platform';
import type { DeliveriesService } from '../notifications/deliveries.service.js';
import type { ClaimedDelivery, DeliveryOutcome } from '../notifications/delivery.js';
import * as metrics from './courier-metrics.js';
import type { Courier } from './courier.js';

const READERS = 50;
const LEASE_MS = 60_000;
/** Of the lease: until then deliveries are begun, and until then they have to be done. */
const BEGIN_SHARE = 0.6;
const FINISH_SHARE = 0.8;
/** For what is under way when the process is to stop, which has ten seconds for everything. */
const GRACE_MS = 3000;
const POLL_MS = 500;
const TROUBLE_MS = 5000;
const SETTLE_TRIES = 4;

type RoundsOptions = {
  courier: Courier;
  deliveries: DeliveriesService;
  logger: Logger;
  clock: Clock;
  pollMs?: number;
  leaseMs?: number;
};

/**
 * The rounds of one courier in one process: claims what is due, has it delivered, settles it. Any number of
 * processes go their rounds at once. A delivery is claimed before it is sent and settled after, so nobody sends
 * what another has; a process killed between the two leaves one that is sent again when its lease is over.
 */
export class Rounds {
  private readonly stopping = new AbortController();
  private readonly breakingOff = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: RoundsOptions) {}

  /** Once there is a database. */
  start(ready: Promise<void>): void {
    const stopped = new Promise<void>((resolve) => {
      this.stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.running = Promise.race([ready, stopped]).then(() => this.go());
  }

  /** Claims nothing more; what is being sent is sent and settled, the rest is given back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const grace = setTimeout(() => this.breakingOff.abort(), GRACE_MS);
    await this.running;
    clearTimeout(grace);
  }

  private async go(): Promise<void> {
    const { signal } = this.stopping;
    const { courier, logger, pollMs = POLL_MS } = this.options;
    while (!signal.aborted) {
      let pauseMs = pollMs;
      try {
        if (await this.round()) pauseMs = 0;
      } catch (err) {
        logger.warn({ err, channel: courier.channel }, 'a round of deliveries failed');
        pauseMs = TROUBLE_MS;
      }
      if (pauseMs > 0) await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Whether there was anything to deliver. */
  private async round(): Promise<boolean> {
    const { courier, deliveries, clock, logger, leaseMs = LEASE_MS } = this.options;
    const { channel } = courier;
    const claimed = await deliveries.claim(channel, { limit: READERS, leaseMs });
    if (claimed.length === 0) return false;
    const open = new Map(claimed.map((delivery) => [delivery.id, delivery]));
    const report = async (delivery: ClaimedDelivery, outcome: DeliveryOutcome) => {
      open.delete(delivery.id);
      metrics.outcomes.inc({ channel, outcome: outcome.state });
      await this.settle(delivery, outcome);
    };
    const begin = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(leaseMs * BEGIN_SHARE)]);
    const finish = AbortSignal.any([this.breakingOff.signal, AbortSignal.timeout(leaseMs * FINISH_SHARE)]);
    try {
      await courier.deliver(claimed, report, { begin, finish });
    } catch (err) {
      logger.error({ err, channel }, 'deliveries failed for a reason of our own');
      const at = new Date(clock.now().getTime() + TROUBLE_MS);
      for (const delivery of open.values())
        await report(delivery, { state: 'retry', errorCode: 'internal', at });
    }
    if (begin.aborted)
      for (const delivery of open.values())
        await report(delivery, { state: 'retry', errorCode: 'interrupted', at: clock.now() });
    return true;
  }

  /** What was sent and can't be settled is sent again, so it is tried more than once. */
  private async settle({ id, attempt, channel }: ClaimedDelivery, outcome: DeliveryOutcome): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.options.deliveries.settle([{ id, attempt, outcome }]);
        return;
      } catch (err) {
        if (tries === SETTLE_TRIES) {
          this.options.logger.error({ err, id, channel, state: outcome.state }, 'a delivery was not settled');
          return;
        }
        await delay(100 * 3 ** tries);
      }
    }
  }
}

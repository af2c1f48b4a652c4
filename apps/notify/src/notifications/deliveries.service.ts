import { Injectable } from '@nestjs/common';
import { Clock } from '#core';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { ClaimedDelivery, DeliveredChannel, SettledDelivery } from './delivery.js';

/** What the workers of push and email work off. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly clock: Clock,
  ) {}

  /** What is due, and the worker's for `leaseMs`; by reader. Not more readers than `limit`. */
  claim(
    channel: DeliveredChannel,
    { limit, leaseMs }: { limit: number; leaseMs: number },
  ): Promise<ClaimedDelivery[]> {
    return this.deliveries.claim(channel, { limit, leaseMs, now: this.clock.now() });
  }

  /** Resolves to how many outcomes counted: those of deliveries that another worker has by now don't. */
  settle(settled: readonly SettledDelivery[]): Promise<number> {
    return this.deliveries.settle(settled, this.clock.now());
  }
}

import { Injectable } from '@nestjs/common';
import type { NotificationDelivery, Page, PageQuery } from '#contracts';
import { Clock, cutPage } from '#core';
import { idCursor, type Principal } from '#platform';
import { DeliveriesRepository, type DeliveryRow } from './deliveries.repository.js';
import type { ClaimedDelivery, DeliveredChannel, SettledDelivery } from './delivery.js';
import { requirePerson } from './person.js';

const present = (row: DeliveryRow): NotificationDelivery => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  dueAt: row.dueAt.toISOString(),
  settledAt: row.settledAt?.toISOString() ?? null,
});

/** What the workers of push and email work off, and the log of it. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly clock: Clock,
  ) {}

  /** The caller's own. */
  async list(caller: Principal, { limit, cursor }: PageQuery): Promise<Page<NotificationDelivery>> {
    requirePerson(caller);
    const rows = await this.deliveries.list(caller.userId, idCursor(cursor), limit + 1);
    const { data, nextCursor } = cutPage(rows, limit, ({ id }) => [id]);
    return { data: data.map(present), nextCursor };
  }

  /** What is due, and the worker's for `leaseMs`; by reader. Not more readers than `limit`. */
  claim(
    channel: DeliveredChannel,
    { limit, leaseMs }: { limit: number; leaseMs: number },
  ): Promise<ClaimedDelivery[]> {
    return this.deliveries.claim(channel, { limit, leaseMs, now: this.clock.now() });
  }

  /** Of those that were claimed, the ids of what is still to be sent: not cancelled, and nobody else's by now. */
  pending(claimed: readonly ClaimedDelivery[]): Promise<ReadonlySet<string>> {
    return this.deliveries.pending(claimed);
  }

  /** How long the first delivery of each channel has been due, in seconds; 0 where none is. */
  async overdueSeconds(): Promise<Record<DeliveredChannel, number>> {
    const now = this.clock.now().getTime();
    const overdue: Record<DeliveredChannel, number> = { push: 0, email: 0 };
    for (const { channel, dueAt } of await this.deliveries.oldest(['push', 'email']))
      if (dueAt) overdue[channel] = Math.max(0, (now - dueAt.getTime()) / 1000);
    return overdue;
  }

  /** Resolves to how many outcomes counted: those of deliveries that another worker has by now don't. */
  settle(settled: readonly SettledDelivery[]): Promise<number> {
    return this.deliveries.settle(settled, this.clock.now());
  }
}

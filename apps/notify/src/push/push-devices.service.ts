import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { PushReply } from './push-reply.js';
import type { PushSubscriptionRow } from './push-subscription.js';
import { PushSubscriptionsRepository } from './push-subscriptions.repository.js';
import { PushSubscriptionsService } from './push-subscriptions.service.js';

/** Pushes that a service refuses in a row until we stop asking: a key that was changed, a service that closed. */
const MAX_REFUSALS = 5;

/** Devices as the courier sees them: who has which, which has got what, and what its service said of it. */
@Injectable()
export class PushDevices {
  constructor(
    private readonly repository: PushSubscriptionsRepository,
    private readonly subscriptions: PushSubscriptionsService,
  ) {}

  async of(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly PushSubscriptionRow[]>> {
    const rows = await this.repository.ofUsers([...new Set(userIds)]);
    return Map.groupBy(rows, ({ userId }) => userId);
  }

  /** Those that got it when others did not. */
  thatHave(deliveryId: string): Promise<ReadonlySet<string>> {
    return this.repository.receipts(deliveryId);
  }

  /** Remembers who has got it, for it will come again for the others. */
  note(
    deliveryId: string,
    devices: readonly PushSubscriptionRow[],
    replies: readonly PushReply[],
  ): Promise<void> {
    const got = devices.filter((_, at) => replies[at]?.kind === 'delivered');
    return this.repository.noteReceipts(
      deliveryId,
      got.map(({ id }) => id),
    );
  }

  /** Forgets devices that are gone, and those whose service keeps refusing. */
  async learn(devices: readonly PushSubscriptionRow[], replies: readonly PushReply[]): Promise<void> {
    const accepted = devices.filter((_, at) => replies[at]?.kind === 'delivered');
    if (accepted.length > 0) await this.repository.accepted(accepted.map(({ id }) => id));
    for (const [at, { id, userId }] of devices.entries()) {
      const kind = replies[at]?.kind;
      const gone = kind === 'refused' ? (await this.repository.refused(id)) >= MAX_REFUSALS : kind === 'gone';
      if (gone) await this.subscriptions.forget(userId, id);
    }
  }
}

import { Injectable } from '@nestjs/common';
import type { PushSubscriptions, UserId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { personalEvent } from '../notifications/notification-event.js';
import { presentPushSubscription } from './push-subscription.js';
import { PushSubscriptionsRepository } from './push-subscriptions.repository.js';

/** An account is in no workspace. */
const NOWHERE = { workspaceId: null, channelId: null, seq: null };

/** Everything a person gets pushes on, and what their devices are told when that changes. */
@Injectable()
export class PushSubscriptionSet {
  constructor(
    private readonly database: Database,
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async of(userId: UserId): Promise<PushSubscriptions> {
    // In this order: a list may be newer than its version, and is then told again, but never older.
    const version = await this.subscriptions.version(userId);
    const rows = await this.subscriptions.ofUsers([userId]);
    return { pushSubscriptions: rows.map(presentPushSubscription), version };
  }

  /** Makes a change of the sets of these people: one at a time for each, and announced with its outcome. */
  change<T>(userIds: readonly UserId[], make: (tx: Tx, now: Date) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      const versions = new Map<UserId, number>();
      // In one order, or two changes of the same two sets could wait for each other.
      for (const userId of [...new Set(userIds)].sort())
        versions.set(userId, await this.subscriptions.nextVersion(tx, userId));
      const now = this.clock.now();
      const result = await make(tx, now);
      for (const [userId, version] of versions) {
        const pushSubscriptions = (await this.subscriptions.list(tx, userId)).map(presentPushSubscription);
        const data = { pushSubscriptions, version };
        const type = 'push_subscriptions.updated';
        await this.outbox.appendAll(tx, [personalEvent(type, userId, NOWHERE, data, now)]);
      }
      return result;
    });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import {
  MAX_PUSH_SUBSCRIPTIONS,
  type PushKey,
  type PushSubscription,
  type PushSubscriptionId,
  type PushSubscriptions,
  type SavePushSubscription,
  type SessionId,
  type UserId,
} from '#contracts';
import { uuidv7 } from '#core';
import { Database } from '#db';
import { DomainError, RevocationList, type Principal } from '#platform';
import { isPoint, presentPushSubscription } from './push-subscription.js';
import { PushSubscriptionSet } from './push-subscription-set.service.js';
import { PushSubscriptionsRepository } from './push-subscriptions.repository.js';
import type { PushGateway } from './push-gateway.js';
import { PUSH_GATEWAY } from './tokens.js';

const SESSIONS_AT_ONCE = 500;

/** Devices that people get pushes on. */
@Injectable()
export class PushSubscriptionsService {
  constructor(
    @Inject(PUSH_GATEWAY) private readonly gateway: PushGateway | null,
    private readonly database: Database,
    private readonly set: PushSubscriptionSet,
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly revocations: RevocationList,
  ) {}

  key(): PushKey {
    return { publicKey: this.gateway?.publicKey ?? null };
  }

  list(caller: Principal): Promise<PushSubscriptions> {
    this.requirePerson(caller);
    return this.set.of(caller.userId);
  }

  /** The same endpoint again is the same subscription, whoever uses the browser now. */
  async save(
    caller: Principal,
    { endpoint, keys, deviceName, content }: SavePushSubscription,
  ): Promise<PushSubscription> {
    this.requirePerson(caller);
    const { userId, sessionId } = caller;
    if (!this.gateway) throw new DomainError('push.off');
    if (!isPoint(keys.p256dh))
      throw new DomainError('request.invalid', {
        errors: [{ pointer: '/keys/p256dh', detail: 'is not a point of P-256' }],
      });
    if (!this.gateway.mayReach(endpoint)) throw new DomainError('push.endpoint_refused');
    const holder = await this.database.transaction((tx) => this.subscriptions.holder(tx, endpoint));
    const saved = await this.set.change(holder ? [userId, holder] : [userId], async (tx, createdAt) => {
      const row = {
        id: uuidv7() as PushSubscriptionId,
        userId,
        sessionId,
        endpoint,
        p256dh: keys.p256dh.replace(/=+$/, ''),
        auth: keys.auth.replace(/=+$/, ''),
        deviceName: deviceName ?? null,
        content,
        createdAt,
      };
      const saved = await this.subscriptions.save(tx, row);
      if ((await this.subscriptions.list(tx, userId)).length > MAX_PUSH_SUBSCRIPTIONS)
        throw new DomainError('push_subscription.too_many');
      return saved;
    });
    // It may have been revoked while we wrote, and been told before there was anything to remove.
    if (this.revocations.has(sessionId)) {
      await this.endSession(sessionId);
      throw new DomainError('auth.session_revoked');
    }
    return presentPushSubscription(saved);
  }

  async remove(caller: Principal, id: PushSubscriptionId): Promise<void> {
    this.requirePerson(caller);
    await this.set.change([caller.userId], async (tx) => {
      if (!(await this.subscriptions.remove(tx, caller.userId, id)))
        throw new DomainError('push_subscription.not_found');
    });
  }

  /** The push service says that it is no more. */
  async forget(userId: UserId, id: PushSubscriptionId): Promise<void> {
    await this.set.change([userId], (tx) => this.subscriptions.remove(tx, userId, id));
  }

  /** A session that ended, and what lived with it. */
  async endSession(sessionId: SessionId): Promise<void> {
    for (const userId of await this.subscriptions.usersOfSession(sessionId))
      await this.set.change([userId], (tx) => this.subscriptions.removeOfSession(tx, userId, sessionId));
  }

  /** All sessions that get pushes, some at a time. */
  async *sessions(): AsyncGenerator<SessionId[]> {
    let after: SessionId | null = null;
    for (;;) {
      const page: SessionId[] = await this.subscriptions.sessionsAfter(after, SESSIONS_AT_ONCE);
      after = page.at(-1) ?? null;
      if (after === null) return;
      yield page;
    }
  }

  private requirePerson({ kind }: Principal): void {
    if (kind === 'bot') throw new DomainError('permission.denied');
  }
}

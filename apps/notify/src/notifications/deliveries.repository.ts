import { Injectable } from '@nestjs/common';
import type { NotificationId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement } from '#db';
import type { ClaimedDelivery, DeliveredChannel, SettledDelivery } from './delivery.js';

/**
 * Takes what is due, the oldest first, and whatever else is due to the same readers, so that it goes into one
 * letter. The lease is that it is due again only after it: a worker that dies leaves nothing behind.
 */
const CLAIM: Statement = {
  name: 'deliveries_claim',
  text: `
    WITH oldest AS MATERIALIZED (
      SELECT d.id, d.user_id FROM notify.deliveries d
      WHERE d.channel = $1 AND d.state = 'pending' AND d.due_at <= $2
      ORDER BY d.due_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ), due AS MATERIALIZED (
      SELECT d.id, d.due_at FROM notify.deliveries d
      WHERE d.user_id IN (SELECT user_id FROM oldest) AND d.channel = $1 AND d.state = 'pending' AND d.due_at <= $2
      FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE notify.deliveries d SET attempts = d.attempts + 1, due_at = $4
      FROM due WHERE d.id = due.id
      RETURNING d.id, d.attempts AS attempt, d.channel, due.due_at AS "dueAt", d.notification_id
    )
    SELECT c.id, c.attempt, c.channel, c."dueAt", n.id AS "notificationId", n.user_id AS "userId",
      n.workspace_id AS "workspaceId", n.channel_id AS "channelId", n.message_id AS "messageId",
      n.thread_id AS "threadId", n.sender_id AS "senderId", n.reason, n.created_at AS "createdAt"
    FROM claimed c JOIN notify.notifications n ON n.id = c.notification_id
    ORDER BY n.user_id, n.id`,
};
/** Only the newest attempt has a say. What was sent although it was cancelled meanwhile was sent. */
const SETTLE: Statement = {
  name: 'deliveries_settle',
  text: `
    UPDATE notify.deliveries d SET
      state = CASE WHEN s.state = 'retry' THEN 'pending' ELSE s.state END,
      error_code = s.error_code,
      due_at = coalesce(s.retry_at, d.due_at),
      settled_at = CASE WHEN s.state <> 'retry' THEN $6::timestamptz END
    FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[])
      AS s(id, attempt, state, error_code, retry_at)
    WHERE d.id = s.id AND d.attempts = s.attempt
      AND (d.state = 'pending' OR (d.state = 'cancelled' AND s.state = 'sent'))
    RETURNING d.id`,
};

const PENDING: Statement = {
  name: 'deliveries_pending',
  text: `
    SELECT id FROM notify.deliveries d JOIN unnest($1::uuid[], $2::int[]) AS c(id, attempt) USING (id)
    WHERE d.state = 'pending' AND d.attempts = c.attempt`,
};
const OLDEST: Statement = {
  name: 'deliveries_oldest',
  text: `
    SELECT c.channel, (
      SELECT d.due_at FROM notify.deliveries d
      WHERE d.channel = c.channel AND d.state = 'pending' ORDER BY d.due_at LIMIT 1
    ) AS "dueAt"
    FROM unnest($1::text[]) AS c(channel)`,
};
const LIST: Statement = {
  name: 'deliveries_list',
  text: `
    SELECT d.id, d.notification_id AS "notificationId", n.workspace_id AS "workspaceId", d.channel, d.state, d.attempts,
      d.error_code AS "errorCode", d.created_at AS "createdAt", d.due_at AS "dueAt", d.settled_at AS "settledAt"
    FROM notify.deliveries d JOIN notify.notifications n ON n.id = d.notification_id
    WHERE d.user_id = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3`,
};

export type DeliveryRow = {
  id: string;
  notificationId: NotificationId;
  workspaceId: WorkspaceId;
  channel: DeliveredChannel | 'in_app';
  state: 'pending' | 'sent' | 'failed' | 'cancelled' | 'gone';
  attempts: number;
  errorCode: string | null;
  createdAt: Date;
  dueAt: Date;
  settledAt: Date | null;
};

/** How workers get deliveries and tell what became of them. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly database: Database) {}

  /**
   * The `limit` that have waited longest, and the others of their readers: by reader, and of each reader in the
   * order of the notifications.
   */
  claim(
    channel: DeliveredChannel,
    { limit, leaseMs, now }: { limit: number; leaseMs: number; now: Date },
  ): Promise<ClaimedDelivery[]> {
    const lease = new Date(now.getTime() + leaseMs);
    return this.database.run<ClaimedDelivery>(CLAIM, [channel, now, limit, lease]);
  }

  /** The ids of those that are still the claimer's to send. */
  async pending(claimed: readonly Pick<ClaimedDelivery, 'id' | 'attempt'>[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.run<{ id: string }>(PENDING, [
      claimed.map(({ id }) => id),
      claimed.map(({ attempt }) => attempt),
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /** When the first pending delivery of each of these channels is due; null where there is none. */
  oldest(
    channels: readonly DeliveredChannel[],
  ): Promise<{ channel: DeliveredChannel; dueAt: Date | null }[]> {
    return this.database.run(OLDEST, [channels]);
  }

  /** Of one person, the newest first. */
  list(userId: UserId, before: string, limit: number): Promise<DeliveryRow[]> {
    return this.database.run<DeliveryRow>(LIST, [userId, before, limit]);
  }

  /** How many of them counted. */
  async settle(settled: readonly SettledDelivery[], now: Date): Promise<number> {
    const rows = await this.database.run(SETTLE, [
      settled.map(({ id }) => id),
      settled.map(({ attempt }) => attempt),
      settled.map(({ outcome }) => outcome.state),
      settled.map(({ outcome }) => ('errorCode' in outcome ? outcome.errorCode : null)),
      settled.map(({ outcome }) => ('at' in outcome ? outcome.at : null)),
      now,
    ]);
    return rows.length;
  }
}

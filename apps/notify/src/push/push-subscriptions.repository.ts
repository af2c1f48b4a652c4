import { Injectable } from '@nestjs/common';
import type { PushSubscriptionId, SessionId, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { endpointHash, type PushSubscriptionRow } from './push-subscription.js';

const COLUMNS = `
  s.id, s.user_id AS "userId", s.session_id AS "sessionId", s.endpoint, s.p256dh, s.auth,
  s.device_name AS "deviceName", s.content, s.created_at AS "createdAt"`;

const OF_USERS: Statement = {
  name: 'push_subscriptions_of_users',
  text: `SELECT ${COLUMNS} FROM notify.push_subscriptions s WHERE s.user_id = ANY($1::uuid[]) ORDER BY s.user_id, s.id`,
};
const VERSION: Statement = {
  name: 'push_subscriptions_version',
  text: `SELECT version FROM notify.push_sets WHERE user_id = $1`,
};
const LIST = `SELECT ${COLUMNS} FROM notify.push_subscriptions s WHERE s.user_id = $1 ORDER BY s.id`;
/** Locks the set of one person: changes of it are made, and told, one after the other. */
const NEXT_VERSION = `
  INSERT INTO notify.push_sets (user_id, version) VALUES ($1, 1)
  ON CONFLICT (user_id) DO UPDATE SET version = push_sets.version + 1 RETURNING version`;
const HOLDER = `SELECT user_id AS "userId" FROM notify.push_subscriptions WHERE endpoint_hash = $1`;
const SAVE = `
  INSERT INTO notify.push_subscriptions AS s
    (id, user_id, session_id, endpoint, endpoint_hash, p256dh, auth, device_name, content, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (endpoint_hash) DO UPDATE SET user_id = excluded.user_id, session_id = excluded.session_id,
    p256dh = excluded.p256dh, auth = excluded.auth, device_name = excluded.device_name,
    content = excluded.content, refusals = 0
  RETURNING ${COLUMNS}`;
const REMOVE = `DELETE FROM notify.push_subscriptions WHERE id = $1 AND user_id = $2 RETURNING id`;
const REMOVE_OF_SESSION = `DELETE FROM notify.push_subscriptions WHERE session_id = $1 AND user_id = $2 RETURNING id`;
const USERS_OF_SESSION: Statement = {
  name: 'push_subscriptions_users_of_session',
  text: `SELECT DISTINCT user_id AS "userId" FROM notify.push_subscriptions WHERE session_id = $1`,
};
const SESSIONS: Statement = {
  name: 'push_subscriptions_sessions',
  text: `
    SELECT DISTINCT session_id AS id FROM notify.push_subscriptions
    WHERE $1::uuid IS NULL OR session_id > $1 ORDER BY session_id LIMIT $2`,
};
const REFUSED: Statement = {
  name: 'push_subscriptions_refused',
  text: `UPDATE notify.push_subscriptions SET refusals = refusals + 1 WHERE id = $1 RETURNING refusals`,
};
const ACCEPTED: Statement = {
  name: 'push_subscriptions_accepted',
  text: `UPDATE notify.push_subscriptions SET refusals = 0 WHERE id = ANY($1::uuid[]) AND refusals > 0`,
};
const RECEIPTS: Statement = {
  name: 'push_receipts_of',
  text: `SELECT subscription_id AS id FROM notify.push_receipts WHERE delivery_id = $1`,
};
/** A subscription that is gone by now needs none. */
const NOTE_RECEIPTS: Statement = {
  name: 'push_receipts_note',
  text: `
    INSERT INTO notify.push_receipts (delivery_id, subscription_id)
    SELECT $1, s.id FROM notify.push_subscriptions s WHERE s.id = ANY($2::uuid[]) FOR KEY SHARE
    ON CONFLICT DO NOTHING`,
};

@Injectable()
export class PushSubscriptionsRepository {
  constructor(private readonly database: Database) {}

  ofUsers(userIds: readonly UserId[]): Promise<PushSubscriptionRow[]> {
    return this.database.run<PushSubscriptionRow>(OF_USERS, [userIds]);
  }

  /** Before the first change it is 0. */
  async version(userId: UserId): Promise<number> {
    const [row] = await this.database.run<{ version: number }>(VERSION, [userId]);
    return row?.version ?? 0;
  }

  list(tx: Tx, userId: UserId): Promise<PushSubscriptionRow[]> {
    return tx.query<PushSubscriptionRow>(LIST, [userId]);
  }

  async nextVersion(tx: Tx, userId: UserId): Promise<number> {
    const [row] = await tx.query<{ version: number }>(NEXT_VERSION, [userId]);
    return (row as { version: number }).version;
  }

  /** Who has this endpoint now. */
  async holder(tx: Tx, endpoint: string): Promise<UserId | null> {
    const [row] = await tx.query<{ userId: UserId }>(HOLDER, [endpointHash(endpoint)]);
    return row?.userId ?? null;
  }

  /** The one of this endpoint becomes what is given; its id stays. */
  async save(tx: Tx, row: PushSubscriptionRow): Promise<PushSubscriptionRow> {
    const [saved] = await tx.query<PushSubscriptionRow>(SAVE, [
      row.id,
      row.userId,
      row.sessionId,
      row.endpoint,
      endpointHash(row.endpoint),
      row.p256dh,
      row.auth,
      row.deviceName,
      row.content,
      row.createdAt,
    ]);
    return saved as PushSubscriptionRow;
  }

  async remove(tx: Tx, userId: UserId, id: PushSubscriptionId): Promise<boolean> {
    return (await tx.query(REMOVE, [id, userId])).length > 0;
  }

  async removeOfSession(tx: Tx, userId: UserId, sessionId: SessionId): Promise<boolean> {
    return (await tx.query(REMOVE_OF_SESSION, [sessionId, userId])).length > 0;
  }

  async usersOfSession(sessionId: SessionId): Promise<UserId[]> {
    const rows = await this.database.run<{ userId: UserId }>(USERS_OF_SESSION, [sessionId]);
    return rows.map(({ userId }) => userId);
  }

  /** In the order of their ids. */
  async sessionsAfter(after: SessionId | null, limit: number): Promise<SessionId[]> {
    const rows = await this.database.run<{ id: SessionId }>(SESSIONS, [after, limit]);
    return rows.map(({ id }) => id);
  }

  /** How many refusals in a row that makes. */
  async refused(id: PushSubscriptionId): Promise<number> {
    const [row] = await this.database.run<{ refusals: number }>(REFUSED, [id]);
    return row?.refusals ?? 0;
  }

  async accepted(ids: readonly PushSubscriptionId[]): Promise<void> {
    await this.database.run(ACCEPTED, [ids]);
  }

  async receipts(deliveryId: string): Promise<ReadonlySet<string>> {
    const rows = await this.database.run<{ id: string }>(RECEIPTS, [deliveryId]);
    return new Set(rows.map(({ id }) => id));
  }

  async noteReceipts(deliveryId: string, ids: readonly PushSubscriptionId[]): Promise<void> {
    if (ids.length > 0) await this.database.run(NOTE_RECEIPTS, [deliveryId, ids]);
  }
}

import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import type { NewNotification, NotificationRow, Seen } from './notification.js';
import { notificationEvent } from './notification-event.js';
import { NotificationsRepository } from './notifications.repository.js';

/** So many in a transaction: a channel of 50,000 takes some, and none of them long. */
const PER_TRANSACTION = 500;

/** Rows, deliveries and events of notifications, which change together. */
@Injectable()
export class NotificationWriter {
  constructor(
    private readonly database: Database,
    private readonly notifications: NotificationsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Writes those that nobody has been told of, that still stand, and that were not read meanwhile. */
  async write(rows: readonly NewNotification[]): Promise<void> {
    for (let from = 0; from < rows.length; from += PER_TRANSACTION)
      await this.database.transaction((tx) => this.writeIn(tx, rows.slice(from, from + PER_TRANSACTION)));
  }

  /** What was seen is read, on every device, and not delivered any more. */
  async see(seen: readonly Seen[]): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      await this.notifications.see(tx, seen, now);
      await this.changed(tx, await this.notifications.readSeen(tx, seen, now), 'read', now);
    });
  }

  async withdrawMessage(id: MessageId): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction((tx) => this.notifications.bury(tx, id, now));
    await this.inSteps((tx) => this.notifications.withdrawMessage(tx, id, PER_TRANSACTION, now), now);
  }

  async withdrawChannel(id: ChannelId): Promise<void> {
    const now = this.clock.now();
    await this.inSteps((tx) => this.notifications.withdrawChannel(tx, id, PER_TRANSACTION, now), now);
  }

  async withdrawOfUser(of: {
    userId: UserId;
    workspaceId: WorkspaceId;
    channelId: ChannelId | null;
  }): Promise<void> {
    const now = this.clock.now();
    await this.inSteps((tx) => this.notifications.withdrawOfUser(tx, of, PER_TRANSACTION, now), now);
  }

  /** Tells of rows that changed, in the transaction that changed them. */
  async changed(
    tx: Tx,
    rows: readonly NotificationRow[],
    why: 'read' | 'withdrawn',
    now: Date,
  ): Promise<void> {
    await this.notifications.cancelDeliveries(tx, rows, why, now);
    await this.outbox.appendAll(
      tx,
      rows.map((row) => notificationEvent('notification.updated', row, now)),
    );
  }

  private async inSteps(withdraw: (tx: Tx) => Promise<NotificationRow[]>, now: Date): Promise<void> {
    for (let found = PER_TRANSACTION; found === PER_TRANSACTION;)
      found = await this.database.transaction(async (tx) => {
        const rows = await withdraw(tx);
        await this.changed(tx, rows, 'withdrawn', now);
        return rows.length;
      });
  }

  private async writeIn(tx: Tx, rows: readonly NewNotification[]): Promise<void> {
    const now = this.clock.now();
    const deleted = await this.notifications.holdMessages(
      tx,
      rows.map(({ messageId }) => messageId),
    );
    const standing = rows.filter(({ messageId }) => !deleted.has(messageId));
    const seen = new Map<string, number>();
    const scopes = standing.flatMap(scopesOf);
    for (const { userId, scopeId, seq } of await this.notifications.see(tx, scopes, now))
      seen.set(`${userId} ${scopeId}`, seq);
    const unread = standing.filter(
      (row) =>
        row.edited ||
        scopesOf(row).every(({ userId, scopeId }) => (seen.get(`${userId} ${scopeId}`) ?? 0) < row.seq),
    );
    if (unread.length === 0) return;
    const inserted = await this.notifications.insert(tx, unread);
    const fresh = unread.filter(({ id }) => inserted.has(id));
    if (fresh.length === 0) return;
    await this.notifications.deliver(tx, fresh, now);
    await this.outbox.appendAll(
      tx,
      fresh.map((row) => notificationEvent('notification.created', asRow(row), now)),
    );
  }
}

/** Where a message can be read, and how far its reader has come there. */
const scopesOf = (row: NewNotification): Omit<Seen, 'scope'>[] => [
  ...(row.inChannel ? [{ userId: row.userId, scopeId: row.channelId, seq: row.lastReadSeq }] : []),
  ...(row.threadId ? [{ userId: row.userId, scopeId: row.threadId, seq: row.threadLastReadSeq }] : []),
];

const asRow = ({
  inChannel: _,
  edited: __,
  lastReadSeq: ___,
  threadLastReadSeq: ____,
  pushDueAt: _____,
  emailDueAt: ______,
  heldBack: _______,
  ...row
}: NewNotification): NotificationRow => ({ ...row, readAt: null, withdrawnAt: null, version: 1 });

import { Injectable } from '@nestjs/common';
import {
  type Notification,
  type NotificationId,
  type NotificationsQuery,
  type Page,
  type ReadNotifications,
  type WorkspaceId,
} from '#contracts';
import { Clock, cutPage, uuidv7 } from '#core';
import { Database } from '#db';
import { DomainError, idCursor, type Principal } from '#platform';
import { presentNotification } from './notification.js';
import { NotificationWriter } from './notification-writer.js';
import { NotificationsRepository } from './notifications.repository.js';
import { requirePerson } from './person.js';

const READ_AT_ONCE = 500;

/** The notifications of one person; those of others don't exist for them. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly database: Database,
    private readonly notifications: NotificationsRepository,
    private readonly writer: NotificationWriter,
    private readonly clock: Clock,
  ) {}

  async list(
    caller: Principal,
    { workspaceId, unread, limit, cursor }: NotificationsQuery,
  ): Promise<Page<Notification>> {
    requirePerson(caller);
    const page = { before: idCursor(cursor), limit: limit + 1, unread };
    const rows = await this.notifications.list(caller.userId, workspaceId, page);
    const { data, nextCursor } = cutPage(rows, limit, ({ id }) => [id]);
    return { data: data.map(presentNotification), nextCursor };
  }

  /** Reading what is read changes nothing. */
  async read(caller: Principal, id: NotificationId): Promise<Notification> {
    requirePerson(caller);
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const row = await this.notifications.find(tx, id, caller.userId);
      if (!row) throw new DomainError('notification.not_found');
      const changed = await this.notifications.readOne(tx, id, now);
      if (changed) await this.writer.changed(tx, [changed], 'read', now);
      return presentNotification(changed ?? row);
    });
  }

  /** What comes meanwhile stays unread. */
  async readAll(caller: Principal, workspaceId: WorkspaceId): Promise<ReadNotifications> {
    requirePerson(caller);
    const now = this.clock.now();
    const of = { userId: caller.userId, workspaceId, upTo: uuidv7(now.getTime()), limit: READ_AT_ONCE };
    let read = 0;
    for (let found = READ_AT_ONCE; found === READ_AT_ONCE; read += found)
      found = await this.database.transaction(async (tx) => {
        const rows = await this.notifications.readSome(tx, of, now);
        await this.writer.changed(tx, rows, 'read', now);
        return rows.length;
      });
    return { read };
  }
}

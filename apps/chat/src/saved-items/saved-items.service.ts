import { Injectable } from '@nestjs/common';
import type { ListedSavedItem, MessageId, Page, SavedItem, SavedItemsQuery, WorkspaceId } from '#contracts';
import { cutPage } from '#core';
import { Database, Outbox } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { timeCursor } from '../paging/time-cursor.js';
import { MessagesService } from '../messages/messages.service.js';
import { SavedItemsRepository, type SavedItemRow } from './saved-items.repository.js';

const present = ({ messageId, workspaceId, done, savedAt, version }: SavedItemRow): SavedItem => ({
  messageId,
  workspaceId,
  done,
  savedAt: savedAt.toISOString(),
  version,
});

/** Messages that people keep for later; nobody else sees them. */
@Injectable()
export class SavedItemsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly messages: MessagesService,
    private readonly items: SavedItemsRepository,
    private readonly outbox: Outbox,
  ) {}

  async save(caller: Principal, messageId: MessageId, done: boolean, now: Date): Promise<SavedItem> {
    const { workspaceId, deletedAt } = await this.messages.get(caller, messageId);
    if (deletedAt) throw new DomainError('message.deleted');
    return this.database.transaction(async (tx) => {
      const savedAt = now;
      const { item, changed } = await this.items.save(tx, caller.userId, {
        messageId,
        workspaceId,
        done,
        savedAt,
      });
      if (changed) {
        const about = { workspaceId, actorId: caller.userId, time: savedAt };
        const event = newEvent('saved_item.updated', about, { item: present(item) });
        await this.outbox.append(tx, event, { scope: 'user', id: caller.userId });
      }
      return present(item);
    });
  }

  /** Needs no access to the message: one may drop what one can't read any more. */
  async remove(caller: Principal, messageId: MessageId, now: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      const time = now;
      const item = await this.items.remove(tx, caller.userId, messageId, time);
      if (!item) return;
      const { workspaceId, version } = item;
      const event = newEvent(
        'saved_item.removed',
        { workspaceId, actorId: caller.userId, time },
        { messageId, version },
      );
      await this.outbox.append(tx, event, { scope: 'user', id: caller.userId });
    });
  }

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { done, limit, cursor }: SavedItemsQuery,
  ): Promise<Page<ListedSavedItem>> {
    await this.access.workspace(caller, workspaceId);
    const rows = await this.items.list(
      caller.userId,
      workspaceId,
      done,
      timeCursor(cursor, 'newest'),
      limit + 1,
    );
    const page = cutPage(rows, limit, (row) => [row.savedAt.toISOString(), row.messageId]);
    const ids = page.data.filter((row) => row.readable).map((row) => row.messageId);
    const messages = new Map((await this.messages.present(ids)).map((message) => [message.id, message]));
    return {
      ...page,
      data: page.data.map((row) => ({ item: present(row), message: messages.get(row.messageId) ?? null })),
    };
  }
}

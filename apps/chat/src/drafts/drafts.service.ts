import { Injectable } from '@nestjs/common';
import {
  MAX_DRAFTS,
  type ChannelId,
  type Draft,
  type DraftId,
  type MessageId,
  type Page,
  type PageQuery,
  type WorkspaceId,
} from '#contracts';
import { Clock, cutPage, uuidv7 } from '#core';
import { Database, Outbox } from '#db';
import { DomainError, type Principal, idCursor, requireVersion } from '#platform';
import { AccessService } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { DraftsRepository, type DraftRow } from './drafts.repository.js';

const present = (row: DraftRow): Draft => ({ ...row, updatedAt: row.updatedAt.toISOString() });

/** What people have begun to write, on all their devices. Sending doesn't touch it: the client knows what it sent. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly drafts: DraftsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The same text again changes nothing. */
  async put(
    caller: Principal,
    channelId: ChannelId,
    threadId: MessageId | null,
    text: string,
    ifMatch?: string,
  ): Promise<Draft> {
    const { workspaceId } = await this.access.joinedChannel(caller, channelId);
    const place = { userId: caller.userId, channelId, threadId };
    return this.database.transaction(async (tx) => {
      const existing = await this.drafts.lock(tx, place);
      requireVersion(ifMatch, existing?.version ?? 0);
      if (existing?.text === text) return present(existing);
      if (!existing) {
        if (threadId && !(await this.drafts.hasThread(tx, channelId, threadId)))
          throw new DomainError('thread.not_found', {
            errors: [
              { pointer: '/query/threadId', detail: 'is no message of this channel that can be replied to' },
            ],
          });
        if ((await this.drafts.count(tx, caller.userId, workspaceId)) >= MAX_DRAFTS)
          throw new DomainError('draft.too_many');
      }
      const now = this.clock.now();
      const fresh = { id: uuidv7() as DraftId, workspaceId, text, updatedAt: now };
      const draft = present(await this.drafts.put(tx, place, fresh));
      const about = { workspaceId, channelId, actorId: caller.userId, time: now };
      await this.outbox.append(tx, newEvent('draft.updated', about, { draft }), {
        scope: 'user',
        id: caller.userId,
      });
      return draft;
    });
  }

  /** Where there is no draft, nothing changes. */
  async delete(caller: Principal, channelId: ChannelId, threadId: MessageId | null): Promise<void> {
    const { workspaceId } = await this.access.joinedChannel(caller, channelId);
    await this.database.transaction(async (tx) => {
      const draft = await this.drafts.remove(tx, { userId: caller.userId, channelId, threadId });
      if (!draft) return;
      const about = { workspaceId, channelId, actorId: caller.userId, time: this.clock.now() };
      const event = newEvent('draft.deleted', about, { draftId: draft.id, channelId, threadId });
      await this.outbox.append(tx, event, { scope: 'user', id: caller.userId });
    });
  }

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<Draft>> {
    await this.access.workspace(caller, workspaceId);
    const rows = await this.drafts.mine(caller.userId, workspaceId, idCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.id]);
    return { ...page, data: page.data.map(present) };
  }
}

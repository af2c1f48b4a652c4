import { Injectable } from '@nestjs/common';
import type { FollowedThread, Page, ThreadsQuery, ThreadTotals, UserId, WorkspaceId } from '#contracts';
import { cutPage } from '#core';
import type { Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { timeCursor } from '../paging/time-cursor.js';
import { ThreadsRepository } from './threads.repository.js';

/** The threads that somebody follows. */
@Injectable()
export class ThreadsService {
  constructor(
    private readonly access: AccessService,
    private readonly messages: MessagesService,
    private readonly threads: ThreadsRepository,
  ) {}

  async inbox(
    caller: Principal,
    workspaceId: WorkspaceId,
    { filter, cursor, limit }: ThreadsQuery,
  ): Promise<Page<FollowedThread>> {
    await this.access.workspace(caller, workspaceId);
    const before = timeCursor(cursor, 'newest');
    const rows = await this.threads.inbox(caller.userId, workspaceId, before, filter === 'unread', limit + 1);
    const page = cutPage(rows, limit, (row) => [row.lastReplyAt.toISOString(), row.rootId]);
    const ids = page.data.flatMap((row) => [row.rootId, ...row.latestIds]);
    const messages = new Map((await this.messages.present(ids)).map((message) => [message.id, message]));
    const data = page.data.flatMap(({ rootId, latestIds, membership }) => {
      const root = messages.get(rootId);
      const latestReplies = latestIds.toReversed().flatMap((id) => messages.get(id) ?? []);
      return root ? [{ root, membership, latestReplies }] : [];
    });
    return { ...page, data };
  }

  totals(userId: UserId, workspaceId: WorkspaceId): Promise<ThreadTotals> {
    return this.threads.totals(userId, workspaceId);
  }
}

import { Injectable } from '@nestjs/common';
import type { Activity, ActivityQuery, Page, WorkspaceId } from '#contracts';
import { cutPage } from '#core';
import type { Principal } from '#platform';
import { idCursor } from '#platform';
import { AccessService } from '../access/access.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { kindsOf, presentActivity } from './activity.js';
import { ActivityRepository } from './activity.repository.js';

/** What concerns somebody. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly access: AccessService,
    private readonly messages: MessagesService,
    private readonly activity: ActivityRepository,
  ) {}

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { kinds, cursor, limit }: ActivityQuery,
  ): Promise<Page<Activity>> {
    await this.access.workspace(caller, workspaceId);
    const wanted = { before: idCursor(cursor), kinds: kindsOf(kinds), limit: limit + 1 };
    const [rows, { lastReadId }] = await Promise.all([
      this.activity.entries(caller.userId, workspaceId, wanted),
      this.activity.cursor(caller.userId, workspaceId),
    ]);
    const page = cutPage(rows, limit, (row) => [row.id]);
    const ids = [...new Set(page.data.map((row) => row.messageId))];
    const messages = new Map((await this.messages.present(ids)).map((message) => [message.id, message]));
    const data = page.data.flatMap(
      (row) => presentActivity(row, messages.get(row.messageId), lastReadId) ?? [],
    );
    return { ...page, data };
  }
}

import { Injectable } from '@nestjs/common';
import type { Bootstrap, UserId, WorkspaceId } from '#contracts';
import { ActivityCursorService } from '../activity/activity-cursor.service.js';
import { ThreadsService } from '../threads/threads.service.js';

/** What waits for a member of a workspace besides the channels. */
@Injectable()
export class Badges {
  constructor(
    private readonly threads: ThreadsService,
    private readonly activity: ActivityCursorService,
  ) {}

  async of(userId: UserId, workspaceId: WorkspaceId): Promise<Pick<Bootstrap, 'threads' | 'activity'>> {
    const [threads, activity] = await Promise.all([
      this.threads.totals(userId, workspaceId),
      this.activity.totals(userId, workspaceId),
    ]);
    return { threads, activity };
  }
}

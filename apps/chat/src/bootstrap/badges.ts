import { Injectable } from '@nestjs/common';
import type { Bootstrap, WorkspaceId } from '#contracts';
import type { Principal } from '#platform';
import { ActivityCursorService } from '../activity/activity-cursor.service.js';
import { ThreadsService } from '../threads/threads.service.js';

/** What waits for somebody besides the channels. */
@Injectable()
export class Badges {
  constructor(
    private readonly threads: ThreadsService,
    private readonly activity: ActivityCursorService,
  ) {}

  async of(caller: Principal, workspaceId: WorkspaceId): Promise<Pick<Bootstrap, 'threads' | 'activity'>> {
    const [threads, activity] = await Promise.all([
      this.threads.totals(caller, workspaceId),
      this.activity.totals(caller, workspaceId),
    ]);
    return { threads, activity };
  }
}

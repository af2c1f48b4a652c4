import { Injectable } from '@nestjs/common';
import type { ActivityCursor, ActivityTotals, UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { OLDEST, timeOf } from './activity.js';
import { ActivityRepository } from './activity.repository.js';

/** How far the clocks of our processes may differ. */
const SKEW_MS = 60_000;

/** What of somebody's activity is new to them. */
@Injectable()
export class ActivityCursorService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly activity: ActivityRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Whoever asks has checked access. */
  async totals(userId: UserId, workspaceId: WorkspaceId): Promise<ActivityTotals> {
    const cursor = await this.activity.cursor(userId, workspaceId);
    const after = cursor.lastReadId ?? OLDEST;
    return { ...cursor, unreadCount: await this.activity.countAfter(userId, workspaceId, after) };
  }

  /** What was read stays read, whichever device is late. */
  async move(caller: Principal, workspaceId: WorkspaceId, id: string): Promise<ActivityCursor> {
    await this.access.workspace(caller, workspaceId);
    const time = this.clock.now();
    if (timeOf(id) > time.getTime() + SKEW_MS)
      throw new DomainError('request.invalid', {
        errors: [{ pointer: '/id', detail: 'is of an entry that is yet to come' }],
      });
    const moved = await this.database.transaction(async (tx) => {
      const cursor = await this.activity.move(tx, caller.userId, workspaceId, id);
      if (!cursor) return null;
      const about = { workspaceId, actorId: caller.userId, time };
      const event = newEvent('activity_cursor.updated', about, { cursor });
      await this.outbox.append(tx, event, { scope: 'user', id: caller.userId });
      return cursor;
    });
    return moved ?? this.activity.cursor(caller.userId, workspaceId);
  }
}

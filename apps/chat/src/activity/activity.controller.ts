import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import {
  ActivityQuery,
  MoveActivityCursor,
  params,
  type Activity,
  type ActivityCursor,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { ActivityCursorService } from './activity-cursor.service.js';
import { ActivityService } from './activity.service.js';

type W = { workspaceId: WorkspaceId };

@Controller('workspaces/:workspaceId/activity')
export class ActivityController {
  constructor(
    private readonly activity: ActivityService,
    private readonly cursor: ActivityCursorService,
  ) {}

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: ActivityQuery }) query: ActivityQuery,
  ): Promise<Page<Activity>> {
    return this.activity.list(caller, workspaceId, query);
  }

  @Put('read-cursor')
  read(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: MoveActivityCursor }) { id }: MoveActivityCursor,
  ): Promise<ActivityCursor> {
    return this.cursor.move(caller, workspaceId, id);
  }
}

import { Controller, Get, Param, Query } from '@nestjs/common';
import { API_PREFIX, MessagesPerDayQuery, params, type MessagesPerDay, type WorkspaceId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { ReportsService } from './reports.service.js';

@Controller(`${API_PREFIX}/workspaces/:workspaceId/analytics`)
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get('messages-per-day')
  messagesPerDay(
    @Caller() { userId }: Principal,
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: WorkspaceId },
    @Query({ schema: MessagesPerDayQuery }) { days }: MessagesPerDayQuery,
  ): Promise<MessagesPerDay> {
    return this.reports.messagesPerDay(userId, workspaceId, days);
  }
}

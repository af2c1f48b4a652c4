import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { EventLogQuery, params } from '#contracts';
import { Caller, type Principal } from '#platform';
import { StreamsService } from './streams.service.js';

@Controller('api/v1/workspaces/:workspaceId/event-log')
export class EventLogController {
  constructor(private readonly streams: StreamsService) {}

  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  page(
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: string },
    @Query({ schema: EventLogQuery }) query: EventLogQuery,
    @Caller() caller: Principal,
  ): Promise<Buffer> {
    return this.streams.page(caller, workspaceId, query);
  }
}

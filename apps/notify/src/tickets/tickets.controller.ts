import { Controller, Header, Param, Post } from '@nestjs/common';
import { params, type CreatedStreamTicket } from '#contracts';
import { Caller, type Principal } from '#platform';
import { TicketsService } from './tickets.service.js';

@Controller('api/v1/workspaces/:workspaceId/events/tickets')
export class TicketsController {
  constructor(private readonly tickets: TicketsService) {}

  @Post()
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  issue(
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: string },
    @Caller() caller: Principal,
  ): Promise<CreatedStreamTicket> {
    return this.tickets.issue(caller, workspaceId);
  }
}

import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import {
  params,
  ReportPresence,
  SetAvailability,
  SubscribePresence,
  type MyPresence,
  type Presences,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { PresenceService } from './presence.service.js';
import { SubscriptionsService } from './subscriptions.service.js';

@Controller('api/v1')
export class PresenceController {
  constructor(
    private readonly presence: PresenceService,
    private readonly subscriptions: SubscriptionsService,
  ) {}

  @Get('me/presence')
  mine(@Caller() caller: Principal): Promise<MyPresence> {
    return this.presence.mine(caller);
  }

  @Put('me/presence')
  report(
    @Caller() caller: Principal,
    @Body({ schema: ReportPresence }) body: ReportPresence,
  ): Promise<MyPresence> {
    return this.presence.report(caller, body);
  }

  @Put('me/availability')
  setAvailability(
    @Caller() caller: Principal,
    @Body({ schema: SetAvailability }) { availability }: SetAvailability,
  ): Promise<MyPresence> {
    return this.presence.setAvailability(caller, availability);
  }

  @Put('workspaces/:workspaceId/presence/subscriptions')
  subscribe(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: WorkspaceId },
    @Body({ schema: SubscribePresence }) body: SubscribePresence,
  ): Promise<Presences> {
    return this.subscriptions.subscribe(caller, workspaceId, body);
  }
}

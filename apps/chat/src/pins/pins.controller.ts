import { Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { PageQuery, params, type ChannelId, type Message, type MessageId, type Page } from '#contracts';
import { Clock } from '#core';
import { Caller, type Principal } from '#platform';
import { PinsService } from './pins.service.js';

type M = { messageId: MessageId };

@Controller()
export class PinsController {
  constructor(
    private readonly pins: PinsService,
    private readonly clock: Clock,
  ) {}

  @Put('messages/:messageId/pin')
  pin(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<Message> {
    return this.pins.pin(caller, messageId, this.clock.now());
  }

  @Delete('messages/:messageId/pin')
  unpin(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<Message> {
    return this.pins.unpin(caller, messageId);
  }

  @Get('channels/:channelId/pins')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: { channelId: ChannelId },
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<Message>> {
    return this.pins.list(caller, channelId, query);
  }
}

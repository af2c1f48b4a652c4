import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { MarkUnread, MoveReadCursor, params, type ChannelId, type ReadCursor } from '#contracts';
import { Caller, type Principal } from '#platform';
import { ReadStateService } from './read-state.service.js';

type C = { channelId: ChannelId };

@Controller('channels/:channelId')
export class ReadStateController {
  constructor(private readonly states: ReadStateService) {}

  @Put('read-cursor')
  read(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: MoveReadCursor }) body: MoveReadCursor,
  ): Promise<ReadCursor> {
    return this.states.read(caller, channelId, body.seq);
  }

  @Post('mark-unread')
  @HttpCode(200)
  markUnread(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: MarkUnread }) body: MarkUnread,
  ): Promise<ReadCursor> {
    return this.states.markUnread(caller, channelId, body.seq);
  }
}

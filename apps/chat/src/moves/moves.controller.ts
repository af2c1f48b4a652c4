import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { MoveMessage, params, type MessageId, type MovedMessage } from '#contracts';
import { Clock } from '#core';
import { Caller, type Principal } from '#platform';
import { MovesService } from './moves.service.js';

@Controller('messages/:messageId/move')
export class MovesController {
  constructor(
    private readonly moves: MovesService,
    private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  move(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: { messageId: MessageId },
    @Body({ schema: MoveMessage }) { channelId }: MoveMessage,
  ): Promise<MovedMessage> {
    return this.moves.move(caller, messageId, channelId, this.clock.now());
  }
}

import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { params, ReportTyping, type ChannelId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { TypingService } from './typing.service.js';

@Controller('api/v1/channels/:channelId/typing')
export class TypingController {
  constructor(private readonly typing: TypingService) {}

  @Post()
  @HttpCode(204)
  report(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: { channelId: ChannelId },
    @Body({ schema: ReportTyping }) body: ReportTyping,
  ): Promise<void> {
    return this.typing.report(caller, channelId, body);
  }
}

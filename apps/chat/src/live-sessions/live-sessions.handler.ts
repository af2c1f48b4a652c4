import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { LiveSessionsRequest, type LiveSessionsReply } from '#contracts';
import { LiveSessionsService } from './live-sessions.service.js';

/** `rpc.v1.chat.live_sessions` */
@Controller()
export class LiveSessionsHandler {
  constructor(private readonly sessions: LiveSessionsService) {}

  @MessagePattern<string>('live_sessions')
  live(@Payload({ schema: LiveSessionsRequest }) body: LiveSessionsRequest): Promise<LiveSessionsReply> {
    return this.sessions.live(body);
  }
}

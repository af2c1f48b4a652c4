import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { NoticesRequest, type NoticesReply } from '#contracts';
import { NoticesService } from './notices.service.js';

/** `rpc.v1.chat.notices` */
@Controller()
export class NoticesHandler {
  constructor(private readonly notices: NoticesService) {}

  @MessagePattern<string>('notices')
  describe(@Payload({ schema: NoticesRequest }) body: NoticesRequest): Promise<NoticesReply> {
    return this.notices.describe(body);
  }
}

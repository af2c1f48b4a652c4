import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { NotificationFactsRequest, type NotificationFactsReply } from '#contracts';
import { NotificationFactsService } from './notification-facts.service.js';

/** `rpc.v1.chat.notification_facts` */
@Controller()
export class NotificationFactsHandler {
  constructor(private readonly facts: NotificationFactsService) {}

  @MessagePattern<string>('notification_facts')
  of(
    @Payload({ schema: NotificationFactsRequest }) body: NotificationFactsRequest,
  ): Promise<NotificationFactsReply> {
    return this.facts.of(body);
  }
}

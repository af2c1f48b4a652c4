import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { Schedule } from './schedule.js';
import { ScheduledAccess } from './scheduled-access.js';
import { ScheduledMessagesController } from './scheduled-messages.controller.js';
import { ScheduledMessagesRepository } from './scheduled-messages.repository.js';
import { ScheduledMessagesService } from './scheduled-messages.service.js';
import { ScheduledSender } from './scheduled-sender.js';

/** Messages that are sent later, once or again and again. */
@Module({
  imports: [MessagesModule],
  controllers: [ScheduledMessagesController],
  providers: [
    ScheduledMessagesRepository,
    ScheduledAccess,
    Schedule,
    ScheduledMessagesService,
    ScheduledSender,
  ],
})
export class ScheduledMessagesModule {}

import { Module } from '@nestjs/common';
import { MessageWriter } from './message-writer.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';

@Module({
  controllers: [MessagesController],
  providers: [MessagesRepository, MessageWriter, MessagesService],
  exports: [MessagesService],
})
export class MessagesModule {}

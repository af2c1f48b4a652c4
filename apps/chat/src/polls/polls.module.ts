import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { PollClosing } from './poll-closing.js';
import { PollsController } from './polls.controller.js';
import { PollsRepository } from './polls.repository.js';
import { PollsService } from './polls.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [PollsController],
  providers: [PollsRepository, PollsService, PollClosing],
})
export class PollsModule {}

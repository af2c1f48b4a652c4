import { Module } from '@nestjs/common';
import { EmojiModule } from '../emoji/emoji.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { ReactionsController } from './reactions.controller.js';
import { ReactionsRepository } from './reactions.repository.js';
import { ReactionsService } from './reactions.service.js';

@Module({
  imports: [EmojiModule, MessagesModule],
  controllers: [ReactionsController],
  providers: [ReactionsRepository, ReactionsService],
})
export class ReactionsModule {}

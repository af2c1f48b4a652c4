import { Module } from '@nestjs/common';
import { MessageAccess } from './message-access.js';
import { MessageChangesRepository } from './message-changes.repository.js';
import { MessageChanges } from './message-changes.service.js';
import { MessageWriter } from './message-writer.js';
import { PollOpening } from './poll-opening.js';
import { PostingHandler } from './posting.handler.js';
import { PostingService } from './posting.service.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';

@Module({
  controllers: [MessagesController, PostingHandler],
  providers: [
    MessagesRepository,
    MessageChangesRepository,
    MessageAccess,
    MessageWriter,
    PollOpening,
    MessagesService,
    MessageChanges,
    PostingService,
  ],
  exports: [MessageAccess, MessagesService, MessageChanges],
})
export class MessagesModule {}

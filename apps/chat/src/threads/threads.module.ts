import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { ThreadAccess } from './thread-access.js';
import { ThreadMembershipsService } from './thread-memberships.service.js';
import { ThreadsController } from './threads.controller.js';
import { ThreadsRepository } from './threads.repository.js';
import { ThreadsService } from './threads.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [ThreadsController],
  providers: [ThreadAccess, ThreadsRepository, ThreadsService, ThreadMembershipsService],
  exports: [ThreadsService, ThreadMembershipsService],
})
export class ThreadsModule {}

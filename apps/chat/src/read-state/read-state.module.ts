import { Module } from '@nestjs/common';
import { ThreadsModule } from '../threads/threads.module.js';
import { ReadStateController } from './read-state.controller.js';
import { ReadStateRepository } from './read-state.repository.js';
import { ReadStateService } from './read-state.service.js';
import { UnreadController } from './unread.controller.js';
import { UnreadService } from './unread.service.js';

@Module({
  imports: [ThreadsModule],
  controllers: [ReadStateController, UnreadController],
  providers: [ReadStateRepository, ReadStateService, UnreadService],
  exports: [ReadStateService],
})
export class ReadStateModule {}

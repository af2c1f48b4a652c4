import { Module } from '@nestjs/common';
import { ReadStateController } from './read-state.controller.js';
import { ReadStateRepository } from './read-state.repository.js';
import { ReadStateService } from './read-state.service.js';

@Module({
  controllers: [ReadStateController],
  providers: [ReadStateRepository, ReadStateService],
  exports: [ReadStateService],
})
export class ReadStateModule {}

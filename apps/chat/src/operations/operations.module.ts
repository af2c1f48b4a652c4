import { Module } from '@nestjs/common';
import { ChunksRepository } from './chunks.repository.js';
import { OperationEvents } from './operation-events.js';
import { OperationFiles } from './operation-files.js';
import { OperationRunner } from './operation-runner.js';
import { OperationsController } from './operations.controller.js';
import { OperationsRepository } from './operations.repository.js';
import { OperationsService } from './operations.service.js';

@Module({
  controllers: [OperationsController],
  providers: [
    ChunksRepository,
    OperationEvents,
    OperationFiles,
    OperationRunner,
    OperationsRepository,
    OperationsService,
  ],
  exports: [OperationFiles, OperationRunner],
})
export class OperationsModule {}

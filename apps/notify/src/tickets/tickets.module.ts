import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { TicketsController } from './tickets.controller.js';
import { TicketsRepository } from './tickets.repository.js';
import { TicketsService } from './tickets.service.js';

@Module({
  imports: [EnginesModule, StreamsModule],
  controllers: [TicketsController],
  providers: [TicketsService, TicketsRepository],
  exports: [TicketsService],
})
export class TicketsModule {}

import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { EventLogController } from './event-log.controller.js';
import { StreamsController } from './streams.controller.js';
import { StreamsService } from './streams.service.js';

@Module({
  imports: [EnginesModule],
  controllers: [StreamsController, EventLogController],
  providers: [StreamsService],
  exports: [StreamsService],
})
export class StreamsModule {}

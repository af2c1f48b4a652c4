import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { EventLogController } from './event-log.controller.js';
import { LinksService } from './links.service.js';
import { StreamsController } from './streams.controller.js';
import { StreamsService } from './streams.service.js';

@Module({
  imports: [EnginesModule],
  controllers: [StreamsController, EventLogController],
  providers: [StreamsService, LinksService],
  exports: [StreamsService],
})
export class StreamsModule {}

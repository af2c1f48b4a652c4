import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { TypingController } from './typing.controller.js';
import { TypingService } from './typing.service.js';

@Module({
  imports: [EnginesModule, StreamsModule],
  controllers: [TypingController],
  providers: [TypingService],
})
export class TypingModule {}

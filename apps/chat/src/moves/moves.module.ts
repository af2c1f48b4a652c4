import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { ThreadsModule } from '../threads/threads.module.js';
import { MovesController } from './moves.controller.js';
import { MovesRepository } from './moves.repository.js';
import { MovesService } from './moves.service.js';

@Module({
  imports: [MessagesModule, ThreadsModule],
  controllers: [MovesController],
  providers: [MovesRepository, MovesService],
})
export class MovesModule {}

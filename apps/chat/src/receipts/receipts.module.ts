import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReceiptsRepository } from './receipts.repository.js';
import { ReceiptsService } from './receipts.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [ReceiptsController],
  providers: [ReceiptsRepository, ReceiptsService],
})
export class ReceiptsModule {}

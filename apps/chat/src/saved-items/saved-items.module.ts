import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { SavedItemsController } from './saved-items.controller.js';
import { SavedItemsRepository } from './saved-items.repository.js';
import { SavedItemsService } from './saved-items.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [SavedItemsController],
  providers: [SavedItemsRepository, SavedItemsService],
})
export class SavedItemsModule {}

import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { SearchController } from './search.controller.js';
import { SearchIndexHandler } from './search-index.handler.js';
import { SearchRepository } from './search.repository.js';
import { SearchService } from './search.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [SearchController, SearchIndexHandler],
  providers: [SearchRepository, SearchService],
  exports: [SearchService],
})
export class SearchModule {}

import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { MessageCreated, MessageDeleted, MessageUpdated } from '#contracts';
import { SearchService } from './search.service.js';

/** The search indexer: follows every change of a message. */
@Controller()
export class SearchIndexHandler {
  constructor(private readonly search: SearchService) {}

  @EventPattern<string>('message.created')
  created(@Payload({ schema: MessageCreated }) event: MessageCreated): Promise<void> {
    return this.search.put(event);
  }

  @EventPattern<string>('message.updated')
  updated(@Payload({ schema: MessageUpdated }) event: MessageUpdated): Promise<void> {
    return this.search.put(event);
  }

  @EventPattern<string>('message.deleted')
  deleted(@Payload({ schema: MessageDeleted }) event: MessageDeleted): Promise<void> {
    return this.search.put(event);
  }
}

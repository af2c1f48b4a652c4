import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { MessageCreated, MessageDeleted, MessageUpdated } from '#contracts';
import { JetStreamContext } from '#bus';
import { SearchService } from './search.service.js';

/** The search indexer: follows every change of a message. */
@Controller()
export class SearchIndexHandler {
  constructor(private readonly search: SearchService) {}

  @EventPattern<string>('message.created')
  created(
    @Payload({ schema: MessageCreated }) event: MessageCreated,
    @Ctx() context: JetStreamContext,
  ): Promise<void> {
    return this.search.put(event, context.streamSeq);
  }

  @EventPattern<string>('message.updated')
  updated(
    @Payload({ schema: MessageUpdated }) event: MessageUpdated,
    @Ctx() context: JetStreamContext,
  ): Promise<void> {
    return this.search.put(event, context.streamSeq);
  }

  @EventPattern<string>('message.deleted')
  deleted(
    @Payload({ schema: MessageDeleted }) event: MessageDeleted,
    @Ctx() context: JetStreamContext,
  ): Promise<void> {
    return this.search.put(event, context.streamSeq);
  }
}

import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ANY_EVENT } from '#bus';
import { AnyEvent } from './event-row.js';
import { EventsService } from './events.service.js';

@Controller()
export class EventsHandler {
  constructor(private readonly events: EventsService) {}

  @EventPattern(ANY_EVENT)
  ingest(@Payload({ schema: AnyEvent }) event: AnyEvent): Promise<void> {
    return this.events.ingest(event);
  }
}

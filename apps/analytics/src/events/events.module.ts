import { Module } from '@nestjs/common';
import { EventsHandler } from './events.handler.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';

@Module({ controllers: [EventsHandler], providers: [EventsRepository, EventsService] })
export class EventsModule {}

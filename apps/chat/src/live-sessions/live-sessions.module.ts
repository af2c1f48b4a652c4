import { Module } from '@nestjs/common';
import { LiveSessionsHandler } from './live-sessions.handler.js';
import { LiveSessionsRepository } from './live-sessions.repository.js';
import { LiveSessionsService } from './live-sessions.service.js';

@Module({ controllers: [LiveSessionsHandler], providers: [LiveSessionsRepository, LiveSessionsService] })
export class LiveSessionsModule {}

import { Injectable } from '@nestjs/common';
import type { LiveSessionsReply, LiveSessionsRequest } from '#contracts';
import { Clock } from '#core';
import { LiveSessionsRepository } from './live-sessions.repository.js';

/** Which sessions have neither ended nor expired, for whoever keeps something as long as they last. */
@Injectable()
export class LiveSessionsService {
  constructor(
    private readonly sessions: LiveSessionsRepository,
    private readonly clock: Clock,
  ) {}

  async live({ sessionIds }: LiveSessionsRequest): Promise<LiveSessionsReply> {
    return { sessionIds: await this.sessions.live(sessionIds, this.clock.now()) };
  }
}

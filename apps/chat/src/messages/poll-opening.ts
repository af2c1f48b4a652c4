import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MessageId, type ChannelId, type NewPoll, type PollDefinition } from '#contracts';
import { Clock } from '#core';
import { Database } from '#db';
import { DomainError } from '#platform';
import { AccessService, type Asker } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { requireComing } from '../recurrence/coming.js';
import { definePoll } from './poll.js';

export const closePoll = job('poll.close', z.object({ messageId: MessageId }), { retryLimit: 100 });

/** What a poll needs before its message is sent. */
@Injectable()
export class PollOpening {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  async define(caller: Asker, channelId: ChannelId, poll: NewPoll): Promise<PollDefinition> {
    if (!allows(await this.access.channel(caller, channelId), 'poll.create'))
      throw new DomainError('permission.denied');
    if (poll.closesAt) requireComing(new Date(poll.closesAt), null, this.clock.now(), '/poll/closesAt');
    return definePoll(poll);
  }

  async planClosing(messageId: MessageId, closesAt: string): Promise<void> {
    await this.database.transaction((tx) =>
      this.jobs.enqueue(tx, closePoll, { messageId }, { key: messageId, startAfter: new Date(closesAt) }),
    );
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../jobs/jobs.service.js';
import { closePoll } from '../messages/poll-opening.js';
import { PollsService } from './polls.service.js';

/** Closes polls whose time has come. */
@Injectable()
export class PollClosing implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly polls: PollsService,
  ) {}

  onModuleInit(): void {
    this.jobs.work(closePoll, ({ messageId }) => this.polls.closeDue(messageId));
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { z } from 'zod';
import type { Tx } from '#db';
import { Mailer } from '#mail';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { Letter, renderLetter } from './letter.js';

const mailJob = job('mail.send', Letter);

/** Mails that go out if, and once, what they tell of is committed. */
@Injectable()
export class Mails implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
  ) {}

  onModuleInit(): void {
    this.jobs.work(mailJob, (letter) => this.deliver(letter));
  }

  /** For letters without secrets: they wait in the database. */
  async send(tx: Tx, letter: z.input<typeof Letter>): Promise<void> {
    await this.jobs.enqueue(tx, mailJob, letter);
  }

  /** Now, from within a job: for letters whose secret is made for them. */
  async deliver(letter: Letter): Promise<void> {
    await this.mailer.send(renderLetter(letter));
  }
}

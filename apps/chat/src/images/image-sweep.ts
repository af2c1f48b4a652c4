import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '#core';
import { Database } from '#db';
import { CONFIG } from '#platform';
import type { ChatConfig } from '../config.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { ImagesService } from './images.service.js';

const HOUR_MS = 3_600_000;
export const sweepImages = job('images.sweep', z.strictObject({}), { lane: 'long' });

/** Deletes unused images once an hour, by whichever worker comes to it. */
@Injectable()
export class ImageSweep implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly images: ImagesService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {
    jobs.work(sweepImages, async () => {
      // First the next one: a sweep that fails for good must not be the last.
      await this.planNext();
      await this.images.sweep();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.roles.includes('worker')) await this.planNext();
  }

  /** Under one key, so that many workers plan one sweep. */
  private async planNext(): Promise<void> {
    const startAfter = new Date(this.clock.now().getTime() + HOUR_MS);
    await this.database.transaction((tx) =>
      this.jobs.enqueue(tx, sweepImages, {}, { startAfter, key: 'hourly' }),
    );
  }
}

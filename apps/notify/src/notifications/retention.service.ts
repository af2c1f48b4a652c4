import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#core';
import { CONFIG, LOGGER, type Logger } from '#platform';
import type { NotifyConfig } from '../config.js';
import { Storage } from '../engines/storage.js';
import { RetentionRepository } from './retention.repository.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const AT_ONCE = 1000;

/** Forgets notifications, deliveries and what ordered them when they are as old as the settings say. */
@Injectable()
export class RetentionService implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly retention: RetentionRepository,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: NotifyConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    storage: Storage,
  ) {
    void storage.ready.then(() => this.schedule());
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  async sweep(): Promise<void> {
    const { keepDays, keepDeliveriesDays } = this.config.notifications;
    const before = (ms: number) => new Date(this.clock.now().getTime() - ms);
    await this.all((limit) => this.retention.deliveries(before(keepDeliveriesDays * DAY), limit));
    await this.all((limit) => this.retention.notifications(before(keepDays * DAY), limit));
    // Events are delivered again for as long as the stream has them, but not after newer ones for hours.
    await this.all((limit) => this.retention.order(before(DAY), limit));
  }

  private async all(sweep: (limit: number) => Promise<number>): Promise<void> {
    while (!this.stopped && (await sweep(AT_ONCE)) === AT_ONCE);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.sweep()
        .catch((err: Error) =>
          this.logger.warn({ err: err.message }, 'old notifications could not be removed'),
        )
        .finally(() => this.schedule());
    }, HOUR);
    this.timer.unref();
  }
}

import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { DeviceId, UserId } from '#contracts';
import { CONFIG, LOGGER, type Logger } from '#platform';
import type { NotifyConfig } from '../config.js';
import type { Holder } from '../streams/observer.js';
import { StreamsService } from '../streams/streams.service.js';
import { PresenceService } from './presence.service.js';

type Held = { userId: UserId; deviceId: DeviceId; streams: number; saidAt: number };

/** How often a sign of life is repeated within its time to live, so that two may be lost. */
const REPEATS = 3;

/** Says of every device whose stream this process holds that it is there, again and again. */
@Injectable()
export class DevicesService implements OnModuleInit, OnModuleDestroy {
  /** Those to be repeated first are first. */
  private readonly held = new Map<string, Held>();
  private readonly repeatMs: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: NotifyConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly streams: StreamsService,
    private readonly presence: PresenceService,
  ) {
    this.repeatMs = config.presence.ttlMs / REPEATS;
  }

  onModuleInit(): void {
    this.streams.observe({
      opened: (_stream, holder) => this.opened(holder),
      closed: (_stream, holder, cause) => this.closed(holder, cause),
    });
    this.timer = setInterval(() => this.repeat(), this.config.presence.tickMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private opened({ userId, deviceId }: Holder): void {
    const key = `${userId} ${deviceId}`;
    const held = this.held.get(key);
    if (held) held.streams++;
    else {
      this.held.set(key, { userId, deviceId, streams: 1, saidAt: Date.now() });
      this.say(this.presence.hold(userId, deviceId));
    }
  }

  private closed({ userId, deviceId }: Holder, cause: string): void {
    const key = `${userId} ${deviceId}`;
    const held = this.held.get(key);
    if (!held || --held.streams > 0) return;
    this.held.delete(key);
    // Whoever is sent to another process has not gone; they have the time to live for the way.
    if (cause !== 'draining') this.say(this.presence.letGo(userId, deviceId));
  }

  private repeat(): void {
    const now = Date.now();
    for (const [key, held] of this.held) {
      if (now - held.saidAt < this.repeatMs) return;
      held.saidAt = now;
      this.held.delete(key);
      this.held.set(key, held);
      this.say(this.presence.hold(held.userId, held.deviceId));
    }
  }

  private say(saying: Promise<void>): void {
    // It is repeated soon, or expires by itself.
    saying.catch((err: Error) => this.logger.debug({ err: err.message }, 'a device could not be recorded'));
  }
}

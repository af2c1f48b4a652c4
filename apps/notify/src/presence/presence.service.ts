import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Bus } from '#bus';
import {
  ephemeralSubject,
  type Availability,
  type DeviceId,
  type MyPresence,
  type Presence,
  type ReportPresence,
  type UserId,
} from '#contracts';
import { Clock, uuidv7 } from '#core';
import { CONFIG, DomainError, LOGGER, type Logger, type Principal } from '#platform';
import type { NotifyConfig } from '../config.js';
import { BUS } from '../engines/tokens.js';
import {
  available,
  presentMine,
  signs,
  unchanged,
  undisturbed,
  type Change,
  type PresenceRecord,
} from './presence-record.js';
import { PresenceRecords } from './presence-records.js';
import { PresenceRepository } from './presence.repository.js';
import { QuietWishes } from './quiet-wishes.js';

const PER_MESSAGE = 500;
const PER_SWEEP = 200;
/** Whoever dies with records in hand leaves them to another process after this. */
const LEASE_MS = 5000;
const ASK_AGAIN_MS = 10 * 60_000;
/** Who does not come back within this part of the time to live has gone. */
const GRACE = 1 / 4;

/** Bots have no devices of their own. */
const requirePerson = ({ kind }: Principal): void => {
  if (kind !== 'user') throw new DomainError('permission.denied');
};

/**
 * Whether people are there. It belongs to the account, like status and preferences, and is the same in all
 * workspaces. What changes is told to every process once a second; who may hear it is decided there.
 */
@Injectable()
export class PresenceService implements OnModuleInit, OnModuleDestroy {
  private readonly processId = uuidv7();
  private readonly records: PresenceRecords;
  private readonly wishes: QuietWishes;
  private readonly signs: ReturnType<typeof signs>;
  private readonly graceMs: number;
  private changes = new Map<UserId, Presence>();
  private sweeping = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CONFIG) private readonly config: NotifyConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly repository: PresenceRepository,
    private readonly clock: Clock,
  ) {
    const { ttlMs } = config.presence;
    this.signs = signs(ttlMs);
    this.graceMs = Math.round(ttlMs * GRACE);
    this.wishes = new QuietWishes(bus);
    this.records = new PresenceRecords(repository, clock, (presence) => this.changed(presence));
  }

  onModuleInit(): void {
    this.wishes.follow((userId) => void this.learn(userId, true));
    this.timer = setInterval(() => {
      this.publish();
      void this.sweep();
    }, this.config.presence.tickMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.publish();
  }

  async mine(caller: Principal): Promise<MyPresence> {
    requirePerson(caller);
    return presentMine(caller.userId, await this.records.read(caller.userId));
  }

  async report(caller: Principal, { deviceId, state }: ReportPresence): Promise<MyPresence> {
    requirePerson(caller);
    return presentMine(caller.userId, await this.sign(caller.userId, this.signs.report(deviceId, state)));
  }

  async setAvailability(caller: Principal, availability: Availability): Promise<MyPresence> {
    requirePerson(caller);
    return presentMine(caller.userId, await this.records.change(caller.userId, available(availability)));
  }

  /** A stream of the device is open here; to be said again before the time to live is over. */
  async hold(userId: UserId, deviceId: DeviceId): Promise<void> {
    await this.sign(userId, this.signs.hold(deviceId, this.processId));
  }

  /** No stream of the device is open here any more. */
  async letGo(userId: UserId, deviceId: DeviceId): Promise<void> {
    await this.records.change(userId, this.signs.letGo(deviceId, this.processId, this.graceMs));
  }

  /** How the others see them, in the order of the ids. Rejects with `unavailable`. */
  find(userIds: readonly UserId[]): Promise<Presence[]> {
    return this.records.find(userIds);
  }

  /** What was stored of somebody is lost: they are offline, and that is newer than what was known. */
  async restore(userId: UserId): Promise<void> {
    await this.records.change(userId, (record, now) =>
      record.version === 0 ? { ...record, version: now } : record,
    );
  }

  private async sign(userId: UserId, change: Change): Promise<PresenceRecord> {
    const record = await this.records.change(userId, change);
    const askedAt = record.doNotDisturb?.askedAt ?? 0;
    if (this.clock.now().getTime() - askedAt > ASK_AGAIN_MS) void this.learn(userId, false);
    return record;
  }

  /** Asks chat when they want to be left alone; `known`: only if it was asked before. */
  private async learn(userId: UserId, known: boolean): Promise<void> {
    try {
      if (known && !(await this.records.read(userId)).doNotDisturb) return;
      const askedAt = this.clock.now().getTime();
      const wish = await this.wishes.of(userId);
      if (wish) await this.records.change(userId, undisturbed(wish, askedAt));
    } catch (err) {
      // Asked again with the next sign of life.
      this.logger.debug({ err: (err as Error).message }, 'quiet hours could not be asked for');
    }
  }

  /** Looks at those for whom time has passed: also for processes that are no more. */
  private async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      let due: UserId[];
      do {
        due = await this.repository.claimDue(this.clock.now().getTime(), LEASE_MS, PER_SWEEP);
        await Promise.all(due.map((userId) => this.records.change(userId, unchanged)));
      } while (due.length === PER_SWEEP);
    } catch (err) {
      this.logger.debug({ err: (err as Error).message }, 'presence could not be looked through');
    } finally {
      this.sweeping = false;
    }
  }

  private changed(presence: Presence): void {
    const known = this.changes.get(presence.userId);
    if (!known || known.version < presence.version) this.changes.set(presence.userId, presence);
  }

  private publish(): void {
    if (this.changes.size === 0 || this.bus.nats.isClosed()) return;
    const changes = [...this.changes.values()];
    this.changes = new Map();
    const subject = ephemeralSubject('_', 'presence');
    while (changes.length > 0) this.bus.nats.publish(subject, JSON.stringify(changes.splice(0, PER_MESSAGE)));
  }
}

import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RpcClient, type Bus } from '#bus';
import {
  ephemeralSubject,
  type DeviceId,
  type Presence,
  type Presences,
  type SubscribePresence,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { CONFIG, DomainError, LOGGER, type Logger, type Principal } from '#platform';
import type { NotifyConfig } from '../config.js';
import { hearEphemeral } from '../engines/ephemeral-feed.js';
import { BUS } from '../engines/tokens.js';
import { ephemeralFrame, type Change } from '../streams/entry.js';
import type { Holder, Told } from '../streams/observer.js';
import { StreamsService } from '../streams/streams.service.js';
import { acquaintancesOf } from './acquaintances.js';
import { PresenceService } from './presence.service.js';
import { RecentLeaves } from './recent-leaves.js';
import { Watches, type Version, type Watch } from './watches.js';

type List = {
  userId: UserId;
  deviceId: DeviceId;
  byChannels: boolean;
  /** Before chat was asked, ms. */
  at: number;
  shown: Version[];
};

const PER_LOOK = 500;
/** Changes that were lost on their way are found after this part of the time to live. */
const LOOK_AGAIN = 2 / 3;

const holderKey = ({ workspaceId, userId, deviceId }: Holder) => `${workspaceId} ${userId} ${deviceId}`;
const frameOf = (workspaceId: WorkspaceId, presences: string): Buffer => {
  const time = new Date().toISOString();
  const type = 'presence.changed';
  return ephemeralFrame(
    type,
    `{"type":"${type}","time":"${time}","workspaceId":"${workspaceId}","data":{"presences":[${presences}]}}`,
  );
};

/**
 * Who is shown whom. A list is judged by chat where it arrives, and then handed to the process that holds the
 * device's stream. There changes are gathered and told once a second, to those whose list has the person.
 */
@Injectable()
export class SubscriptionsService implements OnModuleInit, OnModuleDestroy {
  private readonly rpc: RpcClient;
  private readonly watches = new Watches<Told>();
  private readonly held = new Map<string, Set<Told>>();
  private readonly left = new RecentLeaves();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    @Inject(BUS) readonly bus: Bus,
    @Inject(CONFIG) private readonly config: NotifyConfig,
    @Inject(LOGGER) readonly logger: Logger,
    private readonly streams: StreamsService,
    private readonly presence: PresenceService,
  ) {
    this.rpc = new RpcClient(bus.nats);
  }

  onModuleInit(): void {
    this.streams.observe({
      opened: (stream, holder) => this.opened(stream, holder),
      closed: (stream, holder) => this.closed(stream, holder),
      passed: ({ workspace, change }) => {
        if (change?.kind === 'leave') this.passed(workspace, change);
      },
    });
    hearEphemeral<Presence[]>(this, ['_', 'presence'], (changes) => {
      for (const presence of changes) this.watches.changed(presence);
    });
    hearEphemeral<List>(this, ['*', 'watches'], (list, workspaceId) => this.take(workspaceId, list));
    const every = (ms: number, task: () => void) => this.timers.push(setInterval(task, ms).unref());
    every(this.config.presence.tickMs, () => this.tell());
    every(this.config.presence.ttlMs * LOOK_AGAIN, () => void this.lookAgain());
    void this.followConnection();
  }

  onModuleDestroy(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** How these people are seen, without those the caller may not know of. Throws `workspace.not_found`. */
  async subscribe(
    { userId }: Principal,
    workspaceId: WorkspaceId,
    { deviceId, userIds }: SubscribePresence,
  ): Promise<Presences> {
    const at = Date.now();
    const asked = [...new Set(userIds)];
    const known = await acquaintancesOf(this.rpc, workspaceId, userId, asked);
    const presences = await this.presence.find(known.userIds);
    const shown = presences.map((presence) => ({ userId: presence.userId, version: presence.version }));
    const list: List = { userId, deviceId, byChannels: known.byChannels, at, shown };
    this.bus.nats.publish(ephemeralSubject(workspaceId, 'watches'), JSON.stringify(list));
    return { presences };
  }

  /** The streams of the device, if they are here, show these people from now on. */
  private take(workspaceId: WorkspaceId, { userId, deviceId, byChannels, at, shown }: List): void {
    for (const stream of this.held.get(holderKey({ workspaceId, userId, deviceId })) ?? []) {
      const still = shown.filter((person) => !this.left.since(workspaceId, person.userId, at));
      const watch = this.watches.set(stream, { workspaceId, viewerId: userId, byChannels, at }, still);
      if (watch) void this.catchUp(watch);
    }
  }

  /** What changed while the list was on its way here; for guests also whom they share a channel with. */
  private async catchUp(watch: Watch): Promise<void> {
    try {
      if (watch.byChannels) await this.judge(watch);
      this.watches.catchUp(watch, await this.presence.find([...watch.people.keys()]));
    } catch (err) {
      this.logger.debug({ err: (err as Error).message }, 'a list could not be brought up to date');
    }
  }

  private opened(stream: Told, holder: Holder): void {
    const key = holderKey(holder);
    const streams = this.held.get(key);
    if (streams) streams.add(stream);
    else this.held.set(key, new Set([stream]));
  }

  private closed(stream: Told, holder: Holder): void {
    const key = holderKey(holder);
    const streams = this.held.get(key);
    streams?.delete(stream);
    if (streams?.size === 0) this.held.delete(key);
    this.watches.remove(stream);
  }

  private passed(workspaceId: string, { channelId, userIds }: Change): void {
    if (channelId === null)
      for (const userId of userIds) {
        this.left.add(workspaceId, userId, Date.now());
        this.watches.leave(workspaceId, userId as UserId);
      }
    else
      for (const watch of this.watches.ofGuests())
        if (watch.workspaceId === workspaceId && userIds.some((userId) => concerns(watch, userId)))
          void this.judge(watch);
  }

  /** Asks whom a guest may still be shown; nothing is told to them until that is known. */
  private async judge(watch: Watch): Promise<void> {
    const question = ++watch.questions;
    watch.asking = true;
    const { workspaceId, viewerId, people } = watch;
    try {
      const known = await acquaintancesOf(this.rpc, workspaceId, viewerId, [...people.keys()]);
      const may = new Set<UserId>(known.userIds);
      for (const userId of [...people.keys()]) if (!may.has(userId)) this.watches.forget(watch, userId);
      // Somebody may have left since: then the answer to that counts.
      if (watch.questions === question) watch.asking = false;
    } catch (err) {
      // A stranger's stream ends by itself; otherwise it is asked again.
      if (!(err instanceof DomainError)) throw err;
    }
  }

  private tell(): void {
    this.watches.flush((stream, { workspaceId }, presences) => {
      stream.tell('presence.changed', frameOf(workspaceId, presences));
    });
  }

  /** Finds what was not heard: a message that was lost, a process that died before it told, a Redis that forgot. */
  private async lookAgain(): Promise<void> {
    try {
      for (const watch of this.watches.ofGuests()) void this.judge(watch);
      const people = this.watches.people();
      while (people.length > 0)
        for (const presence of await this.presence.find(people.splice(0, PER_LOOK))) {
          if (presence.version === 0 && this.watches.knows(presence.userId))
            await this.presence.restore(presence.userId);
          this.watches.changed(presence);
        }
    } catch (err) {
      this.logger.debug({ err: (err as Error).message }, 'presence could not be looked at again');
    }
  }

  private async followConnection(): Promise<void> {
    for await (const status of this.bus.nats.status())
      if (status.type === 'reconnect') await this.lookAgain();
  }
}

const concerns = ({ viewerId, people }: Watch, userId: string): boolean =>
  viewerId === userId || people.has(userId as UserId);

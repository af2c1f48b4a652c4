import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ensureStreams, RpcClient, type Bus } from '#bus';
import type { DeviceId, EphemeralEvent, EventLogQuery } from '#contracts';
import { CONFIG, DomainError, Health, LOGGER, RevocationList, type Logger, type Principal } from '#platform';
import { Heartbeat, type FarSocket, type Shared } from '#streams';
import type { NotifyConfig } from '../config.js';
import { BUS } from '../engines/tokens.js';
import { Admission } from './admission.js';
import { formatCursor, parseCursor, type ResyncReason } from './cursor.js';
import { entryOf, ephemeralFrame, sseFrame } from './entry.js';
import { EventLog, whyNot } from './event-log.js';
import { EventFeed, type FeedSink } from './event-feed.js';
import { Expiries } from './expiries.js';
import { Filter } from './filter.js';
import { Memberships } from './memberships.js';
import { OpenStream } from './open-stream.js';
import { Outdated } from './outdated.js';
import { Positions } from './positions.js';
import { holderOf, type Observer } from './observer.js';
import { Replayer } from './replayer.js';
import { Ring } from './ring.js';
import type { Route } from './route.js';
import { Router } from './router.js';
import { streamHead } from './stream-head.js';
import * as metrics from './stream-metrics.js';

/** The HTTP side of a stream that is about to open. */
export type StreamRequest = {
  id: string;
  lastEventId: string | undefined;
  filter: Filter | null;
  byTicket: boolean;
  deviceId: DeviceId | null;
  /** The client left while it waited. */
  gone(): boolean;
  take(): Socket | FarSocket;
};

/** Where a stream is to begin; null is the present. */
type Start = { position: number; epoch: string } | { resync: ResyncReason } | null;

const RESUME_WAITS_MS = [100, 200, 400, 800, 1600, 3200, 0];
const MIN_RETRY_MS = 2000;
const MAX_RETRY_MS = 5000;
/** Who comes back sooner than this, and finds the door still closed, would do nothing else. */
const MIN_DRAIN_RETRY_MS = 100;
const DRAIN_STEP_MS = 50;
const between = (least: number, most: number) => least + Math.floor(Math.random() * (most - least));
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Event streams of this process: opens, feeds, ends them. The hot path is feed → ring → router → sockets. */
@Injectable()
export class StreamsService implements OnModuleInit, OnModuleDestroy, FeedSink, Shared<OpenStream> {
  readonly maxBacklogBytes: number;
  private readonly ring: Ring;
  private readonly router = new Router();
  private readonly outdated = new Outdated();
  private readonly feed: EventFeed;
  private readonly replayer: Replayer;
  private readonly log: EventLog;
  private readonly admission: Admission;
  readonly heartbeat: Heartbeat;
  private readonly expiries = new Expiries();
  private readonly observers: Observer[] = [];
  private readonly positions: Positions;

  constructor(
    @Inject(BUS) bus: Bus,
    @Inject(CONFIG) private readonly config: NotifyConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly revocations: RevocationList,
    health: Health,
  ) {
    const { streams, ring, nats, replays } = config;
    this.maxBacklogBytes = streams.maxBacklogBytes;
    this.ring = new Ring(ring);
    const ensureStream = () => ensureStreams(bus.jsm, nats);
    this.feed = new EventFeed({ bus, sink: this, logger, ensureStream, tail: ring });
    this.replayer = new Replayer(bus, this.feed, this.ring, this.router, this.outdated, replays);
    this.log = new EventLog(bus, this.feed, this.ring, this.outdated, replays);
    this.admission = new Admission(this.router, new Memberships(new RpcClient(bus.nats)), streams);
    this.heartbeat = new Heartbeat(streams.heartbeatMs);
    this.positions = new Positions(this, streams.heartbeatMs);
    this.revocations.onRevoked((sessionId) => this.endSession(sessionId));
    health.add('events', () => this.feed.look());
    metrics.observe(this.ring, this.feed);
  }

  get epoch(): string {
    return this.feed.epoch;
  }

  get head(): number {
    return this.ring.head;
  }

  flush(): void {
    this.router.fanout.flush();
  }

  async onModuleInit(): Promise<void> {
    await this.feed.start();
  }

  /**
   * Ends the streams little by little, each with its own time to come back, so that their clients don't all
   * come to another process at once.
   */
  async onModuleDestroy(): Promise<void> {
    this.admission.close();
    const { drainRetryMs } = this.config.streams;
    const streams = [...this.streams()];
    const steps = Math.ceil(Math.min(this.config.streams.drainMs, streams.length) / DRAIN_STEP_MS) || 1;
    const perStep = Math.ceil(streams.length / steps);
    while (streams.length > 0) {
      this.positions.tell();
      for (const stream of streams.splice(0, perStep))
        stream.end('draining', between(MIN_DRAIN_RETRY_MS, MIN_DRAIN_RETRY_MS + drainRetryMs));
      if (streams.length > 0) await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
    }
    this.heartbeat.stop();
    this.expiries.stop();
    this.positions.stop();
    await this.feed.stop();
  }

  /** Opens a stream, or throws what the client is told instead. */
  async open(caller: Principal, workspaceId: string, request: StreamRequest): Promise<void> {
    const { userId, sessionId } = caller;
    this.admission.reserve(workspaceId, userId);
    let route: Route | undefined;
    try {
      const start = await this.startOf(request.lastEventId);
      // Out of the HTTP parser's callback, whatever was awaited.
      await nextTurn();
      route = await this.admission.join(workspaceId, userId);
      if (this.revocations.has(sessionId)) throw new DomainError('auth.session_revoked');
      if (!request.gone()) return this.connect(route, caller, request, start);
    } catch (error) {
      if (route) this.admission.leave(route);
      this.admission.free(workspaceId, userId);
      throw error;
    }
    this.admission.leave(route);
    this.admission.free(workspaceId, userId);
  }

  /** Throws when no more streams are opened here, whoever asks. */
  requireRoom(): void {
    this.admission.requireRoom();
  }

  /** Throws what somebody is told who may not hear a workspace. */
  async admit({ userId }: Principal, workspaceId: string): Promise<void> {
    this.admission.leave(await this.admission.join(workspaceId, userId));
  }

  /** A page of events, as JSON. */
  async page(caller: Principal, workspaceId: string, query: EventLogQuery): Promise<Buffer> {
    const route = await this.admission.join(workspaceId, caller.userId);
    try {
      const start = await this.startOf(query.after);
      if (start && 'resync' in start)
        throw new DomainError('stream.cursor_expired', { detail: whyNot[start.resync] });
      return await this.log.read(route, start && start.position, Filter.of(query), query.limit);
    } finally {
      this.admission.leave(route);
    }
  }

  observe(observer: Observer): void {
    this.observers.push(observer);
  }

  /** Whether anyone here hears a channel. */
  hears(workspaceId: string, channelId: string): boolean {
    return this.router.hears(workspaceId, channelId);
  }

  /** Tells the members of a channel, but for one, what is not stored. */
  tellChannel(event: EphemeralEvent, channelId: string, except: string): void {
    const frame = ephemeralFrame(event.type, JSON.stringify(event));
    this.router.tellChannel(event, channelId, frame, except);
  }

  event(seq: number, subject: string, payload: Uint8Array): void {
    metrics.counts.events++;
    try {
      const entry = entryOf(this.feed.epoch, seq, subject, payload);
      if (!entry || this.outdated.judge(entry)) return this.ring.skip(seq);
      this.ring.push(entry);
      this.router.accept(entry);
      for (const observer of this.observers) observer.passed?.(entry, subject, payload);
      if (entry.revokedSession !== null) {
        this.flush();
        this.revocations.add(entry.revokedSession);
      }
    } catch (err) {
      this.ring.skip(seq);
      this.logger.error({ err, seq, subject }, 'an event could not be read');
    }
  }

  /** The event stream is another one: everyone is told, and memberships are asked again. */
  reset(position: number, reason: ResyncReason): void {
    this.ring.reset(position);
    this.outdated.reset();
    for (const route of [...this.router.routes()]) {
      this.router.unsettle(route);
      const streams = [...route.streams] as OpenStream[];
      for (const stream of streams) {
        stream.phase++;
        this.replayer.resync(stream, reason);
      }
      if (streams.length > 0) void this.resume(route);
    }
  }

  delivered(frames: number): void {
    metrics.counts.deliveries += frames;
  }

  closed(stream: OpenStream, cause: string): void {
    const { route } = stream;
    stream.phase++;
    this.expiries.remove(stream);
    this.positions.remove(stream);
    this.router.detach(route, stream);
    this.admission.free(route.workspace.id, route.userId);
    metrics.openStreams.dec();
    metrics.ended.inc({ cause });
    const holder = holderOf(stream);
    if (holder) for (const observer of this.observers) observer.closed?.(stream, holder, cause);
  }

  private async startOf(lastEventId: string | undefined): Promise<Start> {
    if (!lastEventId) return null;
    const cursor = parseCursor(lastEventId);
    if (!cursor) return { resync: 'malformed' };
    try {
      const start = await this.replayer.begin(cursor);
      return 'resync' in start ? start : { ...start, epoch: cursor.epoch };
    } catch (error) {
      throw new DomainError('unavailable', { retryAfter: 2 }, { cause: error });
    }
  }

  /** From here on nothing is awaited until the stream is live or being replayed. */
  private connect(route: Route, caller: Principal, request: StreamRequest, start: Start): void {
    const { feed, ring } = this;
    const stream = new OpenStream(route, caller.sessionId, request, request.take(), this);
    const { outlet } = stream;
    route.streams.add(stream);
    route.waiting--;
    if (caller.scopes !== null) this.expiries.add(stream, caller.expiresAt);
    metrics.openStreams.inc();
    const resync = start && ('resync' in start ? start.resync : start.epoch === feed.epoch ? null : 'epoch');
    stream.position = start && 'position' in start && !resync ? start.position : ring.head;
    this.positions.add(stream);
    const cursor = formatCursor(feed.epoch, stream.position);
    const retry = between(MIN_RETRY_MS, MAX_RETRY_MS);
    const ready = JSON.stringify({ type: 'stream.ready', data: { cursor } });
    outlet.cork();
    outlet.write(Buffer.from(`${streamHead(request.id, request.byTicket)}retry: ${retry}\n`), 0);
    outlet.write(sseFrame(cursor, 'stream.ready', Buffer.from(ready)), 1);
    if (resync) this.replayer.resync(stream, resync);
    void this.advance(stream);
    outlet.uncork();
    const holder = holderOf(stream);
    if (holder) for (const observer of this.observers) observer.opened?.(stream, holder);
  }

  private async advance(stream: OpenStream): Promise<void> {
    try {
      await this.replayer.run(stream);
    } catch (err) {
      this.logger.warn({ err: (err as Error).message }, 'a replay was interrupted');
      stream.outlet.drop('interrupted');
    }
  }

  /** Chat comes back from an outage later than we do: its answer is worth waiting for. */
  private async resume(route: Route): Promise<void> {
    for (const wait of RESUME_WAITS_MS) {
      try {
        await this.admission.settled(route);
        for (const stream of [...route.streams] as OpenStream[]) if (!stream.live) void this.advance(stream);
        return;
      } catch (error) {
        if (error instanceof DomainError && error.code === 'workspace.not_found') break;
        await delay(wait);
      }
    }
    for (const stream of [...route.streams]) stream.end('memberships are not known');
  }

  private endSession(sessionId: string): void {
    for (const stream of [...this.streams()])
      if (stream.sessionId === sessionId) stream.end('session revoked');
  }

  private *streams(): Iterable<OpenStream> {
    for (const route of this.router.routes()) yield* route.streams as Set<OpenStream>;
  }
}

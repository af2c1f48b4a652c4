import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RpcClient, type Bus } from '#bus';
import {
  ephemeralSubject,
  type ChannelId,
  type EphemeralEvent,
  type ReportTyping,
  type Typing,
  type WorkspaceId,
} from '#contracts';
import { DomainError, LOGGER, type Logger, type Principal } from '#platform';
import { hearEphemeral } from '../engines/ephemeral-feed.js';
import { BUS } from '../engines/tokens.js';
import type { Entry } from '../streams/entry.js';
import { StreamsService } from '../streams/streams.service.js';
import { Pace } from './pace.js';
import { PostingRights } from './posting-rights.js';
import { Typists } from './typists.js';

type Report = Typing & { state: ReportTyping['state'] };
type Sent = { data: { message: { senderId: string; threadId?: string } } };

const TICK_MS = 500;
const REPORTS = 30;
const WINDOW_MS = 10_000;
const SENT = '.message.created';

/**
 * Who is writing. A report goes over core NATS to every process; each tells the members of the channel whose
 * streams it has, by the same rule, and all but the typist. Nothing is stored anywhere.
 */
@Injectable()
export class TypingService implements OnModuleInit, OnModuleDestroy {
  private readonly rights: PostingRights;
  private readonly pace = new Pace(REPORTS, WINDOW_MS);
  private readonly typists = new Typists((type, { workspaceId, ...data }) => {
    const event: EphemeralEvent = { type, time: new Date().toISOString(), workspaceId, data };
    this.streams.tellChannel(event, data.channelId, data.userId);
  });
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(BUS) readonly bus: Bus,
    @Inject(LOGGER) readonly logger: Logger,
    private readonly streams: StreamsService,
  ) {
    this.rights = new PostingRights(new RpcClient(bus.nats));
  }

  onModuleInit(): void {
    this.streams.observe({ passed: (entry, subject, payload) => this.passed(entry, subject, payload) });
    hearEphemeral<Report>(this, ['*', 'typing'], (report, workspaceId) => this.heard(workspaceId, report));
    this.timer = setInterval(() => this.typists.pass(Date.now()), TICK_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Throws what posting there would, `rate_limited` or `unavailable`. */
  async report(
    { userId }: Principal,
    channelId: ChannelId,
    { state, threadId }: ReportTyping,
  ): Promise<void> {
    const retryAfter = this.pace.take(userId, Date.now());
    if (retryAfter > 0) throw new DomainError('rate_limited', { retryAfter });
    const verdict = await this.rights.of(userId, channelId);
    if ('refused' in verdict) throw new DomainError(verdict.refused);
    const report: Report = { userId, channelId, threadId: threadId ?? null, state };
    this.bus.nats.publish(ephemeralSubject(verdict.workspaceId, 'typing'), JSON.stringify(report));
  }

  private heard(workspaceId: WorkspaceId, { state, ...typing }: Report): void {
    if (state === 'stop') this.typists.stop(typing);
    else if (this.streams.hears(workspaceId, typing.channelId))
      this.typists.start({ ...typing, workspaceId }, Date.now());
  }

  /** Sending ends the writing; so does leaving, with the right to write. */
  private passed({ scope, id, change }: Entry, subject: string, payload: Uint8Array): void {
    if (scope === 'channel' && this.typists.has(id) && subject.endsWith(SENT)) this.sent(id, payload);
    if (change?.kind !== 'leave' && change?.kind !== 'role') return;
    for (const userId of change.userIds) {
      this.rights.forget(userId, change.channelId);
      if (change.kind === 'leave') this.typists.left(userId, change.channelId);
    }
  }

  private sent(channelId: string, payload: Uint8Array): void {
    try {
      const { senderId, threadId = null } = (JSON.parse(Buffer.from(payload).toString()) as Sent).data
        .message;
      this.typists.stop({ userId: senderId, channelId, threadId } as Typing);
    } catch (err) {
      this.logger.warn({ err }, 'unreadable message.created event');
    }
  }
}

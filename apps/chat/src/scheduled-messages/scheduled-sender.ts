import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Message, type ScheduledMessageId, type WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { MessagesService } from '../messages/messages.service.js';
import { ScheduledAccess } from './scheduled-access.js';
import { clientMessageIdOf, dueAfterSending, type ScheduledRow } from './scheduled-message.js';
import { Schedule } from './schedule.js';

/** What may be different in a moment: it may have been sent, or will be with the next try. */
const passing: ReadonlySet<string> = new Set(['overloaded', 'unavailable', 'rate_limited', 'internal']);
/** Of a defect or an engine that is away `internal`. */
const codeOf = (error: unknown): string =>
  error instanceof DomainError ? (error as DomainError).code : 'internal';
/** A sending that its process doesn't live to finish is finished by a worker after this. */
const SAFETY_MS = 30_000;

/**
 * Sends what is due, exactly once: claim it (from then on it can't be changed), send it with an id that is the
 * same for every try, plan its next time. A worker that takes over from a killed one begins with what it finds:
 * claimed or not, sent or not, the end is the same.
 */
@Injectable()
export class ScheduledSender implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly access: ScheduledAccess,
    private readonly schedule: Schedule,
    private readonly messages: MessagesService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.schedule.whenDue(async ({ id, occurrence }, last) => {
      const claimed = await this.claim(id, occurrence);
      if (claimed) await this.sendDue(claimed, last);
    });
  }

  /** Sends it before its time; throws what forbids it, and then leaves it as it was. */
  async sendNow(caller: Principal, workspaceId: WorkspaceId, id: ScheduledMessageId): Promise<Message> {
    await this.access.mine(caller, workspaceId, id);
    const before = await this.claim(id, null);
    if (!before) throw new DomainError('scheduled_message.not_found');
    try {
      return await this.send(before);
    } catch (error) {
      if (!passing.has(codeOf(error))) await this.release(before, before.sendAt);
      throw error;
    }
  }

  private async sendDue(claimed: ScheduledRow, last: boolean): Promise<void> {
    try {
      await this.send(claimed);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'message.slow_mode') {
        const { retryAfter = 1 } = (error as DomainError).params as { retryAfter?: number };
        return this.release(claimed, new Date(this.clock.now().getTime() + retryAfter * 1000));
      }
      if (passing.has(code) && !last) throw error;
      await this.fail(claimed, code);
    }
  }

  /** Null when it is gone, has failed or has got another time. One that is claimed already is taken over. */
  private claim(id: ScheduledMessageId, occurrence: number | null): Promise<ScheduledRow | null> {
    return this.database.transaction(async (tx) => {
      const row = await this.schedule.lock(tx, id);
      if (!row || (occurrence !== null && (row.occurrence !== occurrence || row.state === 'failed')))
        return null;
      if (row.state === 'sending') return row;
      if (occurrence === null)
        await this.schedule.plan(tx, row, new Date(this.clock.now().getTime() + SAFETY_MS));
      return this.schedule.keep(tx, { ...row, state: 'sending', failure: null });
    });
  }

  private async send(claimed: ScheduledRow): Promise<Message> {
    const { userId, channelId, text, threadId, alsoInChannel } = claimed;
    const { json } = await this.messages.send({ userId }, channelId, {
      clientMessageId: clientMessageIdOf(claimed),
      text,
      ...(threadId ? { threadId, alsoInChannel } : {}),
    });
    const message = Message.parse(JSON.parse(json));
    await this.whileClaimed(claimed, async (tx, row) => {
      const sendAt = dueAfterSending(row, this.clock.now());
      if (!sendAt) return this.schedule.remove(tx, row, message.id);
      const next = {
        ...row,
        sendAt,
        occurrence: row.occurrence + 1,
        sentCount: row.sentCount + 1,
        state: 'scheduled' as const,
      };
      await this.schedule.keep(tx, next);
      await this.schedule.plan(tx, next, sendAt);
    });
    return message;
  }

  private release(claimed: ScheduledRow, startAfter: Date): Promise<void> {
    return this.whileClaimed(claimed, async (tx, row) => {
      await this.schedule.keep(tx, { ...row, state: 'scheduled' });
      await this.schedule.plan(tx, row, startAfter);
    });
  }

  private fail(claimed: ScheduledRow, failure: string): Promise<void> {
    return this.whileClaimed(claimed, async (tx, row) => {
      await this.schedule.keep(tx, { ...row, state: 'failed', failure });
      await this.schedule.unplan(tx, row);
    });
  }

  /** Nothing, when another process has brought the same sending to its end. */
  private whileClaimed(
    { id, occurrence }: ScheduledRow,
    work: (tx: Tx, row: ScheduledRow) => Promise<void>,
  ): Promise<void> {
    return this.database.transaction(async (tx) => {
      const row = await this.schedule.lock(tx, id);
      if (row?.state === 'sending' && row.occurrence === occurrence) await work(tx, row);
    });
  }
}

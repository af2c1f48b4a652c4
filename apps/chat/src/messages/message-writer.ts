import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { eventSubject, partitionOf } from '#contracts';
import { OutboxRelay, type OutboxRow } from '#bus';
import { BatcherClosed, BatcherOverloaded, MicroBatcher } from '#core';
import { CONFIG, DomainError } from '#platform';
import type { ChatConfig } from '../config.js';
import { presentMessage } from './message.js';
import { MessagesRepository } from './messages.repository.js';
import { eventHead, eventJson, messageJson, type NewMessage } from './new-message.js';
import type { SendRow } from './send.statement.js';

/** What became of one message. `json` is the stored message; `known` if an earlier send stored it. */
export type Sent =
  | { verdict: 'sent' | 'known'; json: string }
  | { verdict: 'slow_mode'; wait: number }
  | { verdict: 'not_member' | 'archived' | 'no_thread' | 'restricted' | 'id_reused' };

const LIMITS = { maxBatch: 256, maxQueue: 10_000 };
const ATTEMPTS = 4;
/** Unique violation (see SEND), deadlock, serialization failure: the batch as a whole may be run again. */
const REPEATABLE = new Set(['23505', '40P01', '40001']);

/**
 * The hot path: gathers sends into batches, one statement each, and hands the events to the relay after
 * the commit. The 201 waits for Postgres only.
 */
@Injectable()
export class MessageWriter implements BeforeApplicationShutdown {
  private readonly batcher = new MicroBatcher<NewMessage, Sent>((batch) => this.write(batch), LIMITS);
  private readonly partitions: number;

  constructor(
    private readonly messages: MessagesRepository,
    private readonly relay: OutboxRelay,
    @Inject(CONFIG) config: ChatConfig,
  ) {
    this.partitions = config.nats.partitions;
  }

  /** Rejects with `overloaded` when too many wait. */
  async send(message: NewMessage): Promise<Sent> {
    try {
      return await this.batcher.submit(message);
    } catch (error) {
      if (error instanceof BatcherOverloaded || error instanceof BatcherClosed)
        throw new DomainError('overloaded');
      throw error;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.batcher.close();
  }

  private async write(batch: NewMessage[]): Promise<Sent[]> {
    // The same message twice in one batch (an impatient client): the first one counts, for both.
    const first = new Map<string, NewMessage>();
    for (const message of batch) {
      const key = `${message.senderId}:${message.clientMessageId}`;
      if (!first.has(key)) first.set(key, message);
    }
    const unique = [...first.values()];
    const subjects = unique.map((message) => this.subjectOf(message));
    const rows = await this.insert(unique, subjects);
    this.publish(unique, subjects, rows);
    const known = await this.knownMessages(rows);
    const outcome = new Map(
      unique.map((message, index) => [message, judge(message, rows[index] as SendRow, known)]),
    );
    return batch.map((message) => {
      const counted = first.get(`${message.senderId}:${message.clientMessageId}`) as NewMessage;
      const sent = outcome.get(counted) as Sent;
      if (counted === message) return sent;
      if (counted.channelId !== message.channelId) return { verdict: 'id_reused' };
      return sent.verdict === 'sent' ? { verdict: 'known', json: sent.json } : sent;
    });
  }

  private async insert(messages: NewMessage[], subjects: string[]): Promise<SendRow[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.messages.send(messages, subjects);
      } catch (error) {
        if (attempt === ATTEMPTS || !REPEATABLE.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  private publish(messages: NewMessage[], subjects: string[], rows: SendRow[]): void {
    const committed: OutboxRow[] = [];
    messages.forEach((message, index) => {
      const { seq, ordinal, summary, position } = rows[index] as SendRow;
      if (seq === null || position === null) return;
      committed.push({
        id: message.eventId,
        subject: subjects[index] as string,
        payload: eventJson(eventHead(message), { seq, ordinal, summary }),
        position,
      });
    });
    this.relay.enqueue(committed);
  }

  private async knownMessages(rows: SendRow[]): Promise<Map<string, { channelId: string; json: string }>> {
    const ids = rows.flatMap((row) => (row.verdict === 'known' && row.knownId ? [row.knownId] : []));
    if (ids.length === 0) return new Map();
    const stored = await this.messages.byIds(ids);
    return new Map(
      stored.map((row) => [row.id, { channelId: row.channelId, json: JSON.stringify(presentMessage(row)) }]),
    );
  }

  private subjectOf({ workspaceId, channelId }: NewMessage): string {
    const partition = partitionOf(workspaceId, this.partitions);
    return eventSubject({
      partition,
      workspace: workspaceId,
      scope: 'channel',
      id: channelId,
      type: 'message.created',
    });
  }
}

const judge = (
  message: NewMessage,
  row: SendRow,
  known: Map<string, { channelId: string; json: string }>,
): Sent => {
  if (row.verdict === 'sent')
    return { verdict: 'sent', json: messageJson(message, { ...row, seq: row.seq as number }) };
  if (row.verdict === 'slow_mode') return { verdict: 'slow_mode', wait: row.wait ?? 1 };
  if (row.verdict !== 'known') return { verdict: row.verdict };
  const stored = known.get(row.knownId as string);
  return stored?.channelId === message.channelId
    ? { verdict: 'known', json: stored.json }
    : { verdict: 'id_reused' };
};

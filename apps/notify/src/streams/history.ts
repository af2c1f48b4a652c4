import { AckPolicy, DeliverPolicy, type Consumer } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { EVENTS_STREAM } from '#contracts';
import { uuidv7 } from '#core';
import type { Bus } from '#bus';
import { entryOf, type Entry } from './entry.js';

/** Known to servers from 2.9 on, but not to the client's types. */
type NextBySubject = { seq: number; next_by_subj: string };

const BATCH = 256;
const BATCH_TIMEOUT_MS = 5000;
const ABANDONED_AFTER_MS = 30_000;
const MAX_ACCOUNT_EVENTS = 1000;

export type Page = {
  entries: Entry[];
  /** Everything up to here has been read. */
  position: number;
};

/**
 * Reads what one user missed from the stored stream, when that is older than memory. One instance serves
 * one replay; the caller paces it.
 */
export class History {
  private consumer: Consumer | undefined;
  private pending = 0;
  private delivered = 0;
  private account: Entry[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly epoch: string,
    private readonly workspaceId: string,
    private readonly userId: string,
  ) {}

  /**
   * The next page after `position`. `head` is a position that the stream had reached before the call: when
   * nothing is left for this workspace, everything up to there has been read.
   */
  async read(position: number, head: number): Promise<Page> {
    const consumer = this.consumer ?? (await this.open(position));
    if (this.pending === 0) this.pending = (await consumer.info()).num_pending;
    const wanted = Math.min(BATCH, this.pending);
    const entries: Entry[] = [];
    let reached = position;
    if (wanted > 0) {
      const batch = await consumer.fetch({ max_messages: wanted, expires: BATCH_TIMEOUT_MS });
      let received = 0;
      for await (const message of batch) {
        received++;
        if (message.info.deliverySequence !== ++this.delivered) throw new Error('a replay has a gap');
        this.pending = message.info.pending;
        reached = message.seq;
        const entry = entryOf(this.epoch, message.seq, message.subject, message.data);
        if (entry) entries.push(entry);
      }
      if (received < wanted) throw new Error('a replay was interrupted');
    }
    if (this.pending === 0) reached = Math.max(reached, head);
    return { entries: this.withAccountEvents(entries, reached), position: reached };
  }

  async close(): Promise<void> {
    await this.consumer?.delete().catch(() => undefined);
  }

  private async open(position: number): Promise<Consumer> {
    this.account = await this.accountEvents(position);
    const info = await this.bus.jsm.consumers.add(EVENTS_STREAM, {
      name: `replay_${uuidv7()}`,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: position + 1,
      filter_subject: `evt.v1.*.${this.workspaceId}.>`,
      inactive_threshold: nanos(ABANDONED_AFTER_MS),
      mem_storage: true,
      num_replicas: 1,
    });
    this.pending = info.num_pending;
    this.consumer = this.bus.js.consumers.getConsumerFromInfo(info);
    return this.consumer;
  }

  /** Account events lie beside the workspaces and are rare: they are looked up one by one. */
  private async accountEvents(position: number): Promise<Entry[]> {
    const entries: Entry[] = [];
    const next_by_subj = `evt.v1.*._.user.${this.userId}.>`;
    for (let seq = position + 1; entries.length < MAX_ACCOUNT_EVENTS;) {
      const query: NextBySubject = { seq, next_by_subj };
      const found = await this.bus.jsm.streams.getMessage(EVENTS_STREAM, query);
      if (!found) break;
      const entry = entryOf(this.epoch, found.seq, found.subject, found.data);
      if (entry) entries.push(entry);
      seq = found.seq + 1;
    }
    return entries;
  }

  private withAccountEvents(entries: Entry[], reached: number): Entry[] {
    const due = this.account.filter((entry) => entry.seq <= reached);
    if (due.length === 0) return entries;
    this.account = this.account.filter((entry) => entry.seq > reached);
    return [...entries, ...due].sort((a, b) => a.seq - b.seq);
  }
}

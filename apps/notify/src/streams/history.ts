import { AckPolicy, DeliverPolicy, type Consumer } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { EVENTS_STREAM } from '#contracts';
import { uuidv7 } from '#core';
import type { Bus } from '#bus';
import { entryOf, type Entry } from './entry.js';
import type { Outdated } from './outdated.js';
import type { Route } from './route.js';

/** Known to servers from 2.9 on, but not to the client's types. */
type NextBySubject = { seq: number; next_by_subj: string };
type ConsumerState = { consumer: Consumer; pending: number; delivered: number };

const BATCH = 256;
const BATCH_TIMEOUT_MS = 5000;
const ABANDONED_AFTER_MS = 30_000;

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
  private state: ConsumerState | undefined;
  /** The newest event of the workspace, at the last look. */
  private newest = 0;
  private account: Entry[] = [];
  /** Up to here account events have been looked up. */
  private accountUpTo = -1;
  private readonly subjects: string;
  private readonly userId: string;

  constructor(
    private readonly bus: Bus,
    private readonly epoch: string,
    reader: Pick<Route, 'workspace' | 'userId'>,
    private readonly outdated: Outdated,
  ) {
    this.userId = reader.userId;
    this.subjects = `evt.v1.*.${reader.workspace.id}.>`;
  }

  /**
   * The next page after `position`. `head` is a position that the stream had reached before the call: when
   * nothing is left for this workspace, everything up to there has been read.
   */
  async read(position: number, head: number): Promise<Page> {
    if (position >= this.newest) this.newest = await this.findNewest();
    const entries: Entry[] = [];
    let reached = position < this.newest ? await this.fetch(position, entries) : position;
    // Asked anew: what was the newest before may be older than `head`.
    if (reached >= this.newest) this.newest = await this.findNewest();
    if (reached >= this.newest) reached = Math.max(reached, head);
    await this.findAccountEvents(position, reached);
    return { entries: this.withAccountEvents(entries, reached), position: reached };
  }

  async close(): Promise<void> {
    const { state } = this;
    this.state = undefined;
    await state?.consumer.delete().catch(() => undefined);
  }

  /** Adds what comes next to `entries`; returns the position of the last. */
  private async fetch(position: number, entries: Entry[]): Promise<number> {
    const state = (this.state ??= await this.open(position));
    if (state.pending === 0) state.pending = (await state.consumer.info()).num_pending;
    const wanted = Math.min(BATCH, Math.max(1, state.pending));
    const batch = await state.consumer.fetch({ max_messages: wanted, expires: BATCH_TIMEOUT_MS });
    let received = 0;
    let reached = position;
    for await (const message of batch) {
      received++;
      if (message.info.deliverySequence !== ++state.delivered) throw new Error('a replay has a gap');
      state.pending = message.info.pending;
      reached = message.seq;
      const entry = entryOf(this.epoch, message.seq, message.subject, message.data);
      if (entry && !this.outdated.has(entry.seq)) entries.push(entry);
      if (reached >= this.newest) break;
    }
    if (reached < this.newest && received < wanted) throw new Error('a replay was interrupted');
    // Servers count an event twice that is stored while the consumer is made. Nobody waits for what isn't
    // there, but what comes next would go to this request: another consumer is needed for it.
    if (received < wanted) await this.close();
    return reached;
  }

  private async open(position: number): Promise<ConsumerState> {
    const info = await this.bus.jsm.consumers.add(EVENTS_STREAM, {
      name: `replay_${uuidv7()}`,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: position + 1,
      filter_subject: this.subjects,
      inactive_threshold: nanos(ABANDONED_AFTER_MS),
      mem_storage: true,
      num_replicas: 1,
    });
    const consumer = this.bus.js.consumers.getConsumerFromInfo(info);
    return { consumer, pending: info.num_pending, delivered: 0 };
  }

  private async findNewest(): Promise<number> {
    const found = await this.bus.jsm.streams.getMessage(EVENTS_STREAM, { last_by_subj: this.subjects });
    return found?.seq ?? 0;
  }

  /**
   * Account events lie beside the workspaces and are rare: they are looked up one by one, all that were
   * stored before now and up to `reached` at least.
   */
  private async findAccountEvents(position: number, reached: number): Promise<void> {
    const next_by_subj = `evt.v1.*._.user.${this.userId}.>`;
    let seq = Math.max(position, this.accountUpTo);
    for (;;) {
      const query: NextBySubject = { seq: seq + 1, next_by_subj };
      const found = await this.bus.jsm.streams.getMessage(EVENTS_STREAM, query);
      if (!found) break;
      const entry = entryOf(this.epoch, found.seq, found.subject, found.data);
      if (entry) this.account.push(entry);
      seq = found.seq;
    }
    this.accountUpTo = Math.max(seq, reached);
  }

  private withAccountEvents(entries: Entry[], reached: number): Entry[] {
    const due = this.account.filter((entry) => entry.seq <= reached);
    if (due.length === 0) return entries;
    this.account = this.account.filter((entry) => entry.seq > reached);
    return [...entries, ...due].sort((a, b) => a.seq - b.seq);
  }
}

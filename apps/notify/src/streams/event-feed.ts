import { DeliverPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { EVENTS_STREAM, EVENTS_SUBJECTS } from '#contracts';
import { MicroBatcher } from '#core';
import { epochOf, type Bus } from '#bus';
import type { Logger } from '#platform';
import type { ResyncReason } from './cursor.js';

/** The event stream as the server describes it. */
export type StreamView = {
  epoch: string;
  first: number;
  last: number;
  /** Mean size of a stored event, for judging how many fit into memory. */
  meanBytes: number;
};

export interface FeedSink {
  /** The stream stands at `position` now; what the sink knew of it is void, for the reason given. */
  reset(position: number, reason: ResyncReason): void;
  event(seq: number, subject: string, payload: Uint8Array): void;
}

export type FeedOptions = {
  bus: Bus;
  sink: FeedSink;
  logger: Logger;
  ensureStream: () => Promise<void>;
  tail: { events: number; bytes: number };
  watchMs?: number;
};

const CATCH_UP_MS = 4000;
const PULL_MESSAGES = 1000;
const WATCH_MS = 2000;
const RETRY_MS = 250;
/** Looks without progress after which the consumer is made anew. */
const STUCK_LOOKS = 2;

/**
 * Every event of the stream, once and in order, whatever happens to NATS. One ordered consumer reads all
 * partitions; it is made again from the last position after a reconnect or when it is stuck. A stream that
 * was recreated, or lost its end, is told to the sink as a reset.
 */
export class EventFeed {
  epoch = '';
  head = 0;
  /** Events of the stream that have not arrived yet, at the last look. */
  lag = 0;
  private messages: ConsumerMessages | undefined;
  private generation = 0;
  private stuckLooks = 0;
  /** The consumer may be dead without telling. */
  private doubtful = false;
  private stopped = false;
  private checking: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly looks = new MicroBatcher<null, StreamView>((asked) => this.lookFor(asked), {
    maxBatch: Infinity,
    maxQueue: Infinity,
  });

  constructor(private readonly options: FeedOptions) {}

  /** Loads the tail of the stream and goes on from there; resolves when it has caught up (or soon after). */
  async start(): Promise<void> {
    const { tail } = this.options;
    const view = await this.look();
    const events = Math.min(tail.events, Math.floor(tail.bytes / view.meanBytes));
    this.reset(view.epoch, Math.max(view.first - 1, view.last - events, 0));
    await this.open();
    await this.reached(view.last, CATCH_UP_MS);
    void this.followConnection();
    this.schedule();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.messages?.close();
  }

  /** Asks the server; whoever asks meanwhile shares the next question, so that the answer is never old. */
  look(): Promise<StreamView> {
    return this.looks.submit(null);
  }

  /** Whether `seq` has arrived, waiting for it up to `timeoutMs`. */
  async reached(seq: number, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (this.head < seq && Date.now() < deadline && !this.stopped)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return this.head >= seq;
  }

  private async lookFor(asked: null[]): Promise<StreamView[]> {
    const info = await this.options.bus.jsm.streams.info(EVENTS_STREAM);
    const { first_seq, last_seq, messages, bytes } = info.state;
    const meanBytes = Math.max(1, bytes / Math.max(1, messages));
    const view = { epoch: epochOf(info), first: first_seq, last: last_seq, meanBytes };
    return asked.map(() => view);
  }

  private reset(epoch: string, position: number): void {
    const reason = epoch === this.epoch ? 'ahead' : 'epoch';
    this.epoch = epoch;
    this.head = position;
    this.options.sink.reset(position, reason);
  }

  private async open(): Promise<void> {
    const generation = ++this.generation;
    void this.messages?.close();
    this.messages = undefined;
    const consumer = await this.options.bus.js.consumers.get(EVENTS_STREAM, {
      filter_subjects: EVENTS_SUBJECTS,
      // Always by position: "new" would start from 1 if the consumer had to be made again before its first event.
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.head + 1,
    });
    const messages = await consumer.consume({
      max_messages: PULL_MESSAGES,
      callback: (message) => {
        if (generation === this.generation) this.take(message);
      },
    });
    if (generation === this.generation && !this.stopped) this.messages = messages;
    else await messages.close();
  }

  private take(message: JsMsg): void {
    const { seq } = message;
    if (seq <= this.head) return;
    this.head = seq;
    this.options.sink.event(seq, message.subject, message.data);
  }

  private async followConnection(): Promise<void> {
    for await (const status of this.options.bus.nats.status()) {
      if (this.stopped) return;
      if (status.type !== 'reconnect') continue;
      this.doubtful = true;
      await this.check();
    }
  }

  private schedule(): void {
    const delay = this.doubtful ? RETRY_MS : (this.options.watchMs ?? WATCH_MS);
    this.timer = setTimeout(() => {
      void this.check().finally(() => {
        if (!this.stopped) this.schedule();
      });
    }, delay);
    this.timer.unref();
  }

  private check(): Promise<void> {
    this.checking ??= this.compare()
      .catch(async (error: Error) => {
        if (this.stopped) return;
        this.doubtful = true;
        this.options.logger.warn({ err: error.message }, 'the event stream could not be looked at');
        if (/stream not found/i.test(error.message)) await this.options.ensureStream().catch(() => undefined);
      })
      .finally(() => (this.checking = null));
    return this.checking;
  }

  /** Compares what has arrived with what the server has, and reads on with a new consumer if need be. */
  private async compare(): Promise<void> {
    const before = this.head;
    const view = await this.look();
    const lost = view.epoch !== this.epoch || view.last < before;
    this.lag = Math.max(0, view.last - this.head);
    this.stuckLooks = this.lag > 0 && this.head === before ? this.stuckLooks + 1 : 0;
    if (!lost && !this.doubtful && this.stuckLooks < STUCK_LOOKS) return;
    if (lost) {
      const { epoch, head } = this;
      this.options.logger.warn({ epoch, head, found: view }, 'the event stream is another one now');
      this.reset(view.epoch, view.last);
    }
    this.stuckLooks = 0;
    this.doubtful = false;
    await this.open();
  }
}

import type { EphemeralEvent, ParleyEvent, StreamCursor } from '#contracts';
import { ApiProblem, readProblem } from './api-problem.js';
import type { Api } from './api.js';
import { backoffMs } from './backoff.js';
import { failuresAfter, transition, type ConnectionInput, type ConnectionState } from './connection-state.js';
import { browserConnectivity, systemClock, type Clock, type Connectivity } from './environment.js';
import { readFrame, recentIds } from './event-frames.js';
import { isolate } from './isolate.js';
import { SseParser, type SseFrame } from './sse-parser.js';

/** The server's heartbeat comes every 20 s; two missed ones mean the line is dead. */
export const SILENCE_MS = 45_000;
const DEFAULT_RETRY_MS = 1_000;

export type EventStreamOptions = {
  api: Pick<Api, 'send' | 'urlOf'>;
  /** `eventsUrl` of the bootstrap. */
  url: string;
  /** `cursor` of the bootstrap; null makes the first `stream.ready` a resync. */
  cursor: StreamCursor | null;
  /** Each event once. `cursor` is the position just after it. */
  onEvent: (event: ParleyEvent, cursor: StreamCursor) => void;
  /**
   * What is true for a moment only: who is there, who is writing. Never replayed; subscriptions of presence
   * end with a connection, so put them again each time the state becomes `live`.
   */
  onEphemeral?: (event: EphemeralEvent) => void;
  onState?: (state: ConnectionState) => void;
  /** Events were missed: fetch the state again. Called again, with backoff, while it rejects. */
  onResync: () => void | Promise<void>;
  clock?: Clock;
  connectivity?: Connectivity;
  /** In [0, 1). */
  random?: () => number;
};

/** The live events of one workspace: connects, resumes where it left off, and never shows one twice. */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #clock: Clock;
  readonly #connectivity: Connectivity;
  readonly #random: () => number;
  readonly #seen = recentIds();
  #state: ConnectionState = { status: 'idle' };
  #cursor: StreamCursor | null;
  #retryMs = DEFAULT_RETRY_MS;
  #connection: AbortController | null = null;
  #cancelTimer = () => {};
  #unsubscribe = () => {};
  #resync: 'no' | 'running' | 'again' = 'no';

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
    this.#clock = options.clock ?? systemClock;
    this.#connectivity = options.connectivity ?? browserConnectivity();
    this.#random = options.random ?? Math.random;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get cursor(): StreamCursor | null {
    return this.#cursor;
  }

  /** Idempotent; a closed stream stays closed. */
  start(): void {
    if (this.#state.status !== 'idle') return;
    this.#unsubscribe = this.#connectivity.subscribe((online) =>
      this.#apply({ type: online ? 'wentOnline' : 'wentOffline' }),
    );
    this.#apply({ type: 'start', online: this.#connectivity.isOnline() });
  }

  /** Skips the wait, for a "Retry now" button. */
  retryNow(): void {
    this.#apply({ type: 'due' });
  }

  close(): void {
    this.#apply({ type: 'closed', problem: null });
  }

  #apply(input: ConnectionInput): void {
    const state = transition(this.#state, input);
    if (state === this.#state) return;
    this.#state = state;
    if (state.status !== 'live') {
      this.#cancelTimer();
      this.#connection?.abort();
      this.#connection = null;
    }
    if (state.status === 'closed') this.#unsubscribe();
    if (state.status === 'waiting') this.#wait(state.retryAt - this.#clock.now());
    if (state.status === 'connecting') void this.#connect();
    isolate(() => this.#options.onState?.(state));
  }

  #wait(ms: number): void {
    this.#cancelTimer = this.#clock.after(ms, () => this.#apply({ type: 'due' }));
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#watch();
    try {
      await this.#read(connection.signal);
      if (!connection.signal.aborted) this.#fail(null);
    } catch (error) {
      if (!connection.signal.aborted) this.#fail(error);
    }
  }

  /** Silence while connecting counts too. */
  #watch(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(SILENCE_MS, () => this.#fail(null));
  }

  #fail(error: unknown): void {
    if (error instanceof ApiProblem && !error.isTransient) {
      return this.#apply({ type: 'closed', problem: error.problem });
    }
    const now = this.#clock.now();
    const attempt = failuresAfter(this.#state, now);
    const retryAfter = error instanceof ApiProblem ? error.retryAfterMs : null;
    const delay = backoffMs(attempt, this.#retryMs, this.#random, retryAfter);
    this.#apply({ type: 'failed', attempt, retryAt: now + delay });
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { api, url } = this.#options;
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.#cursor !== null) headers['last-event-id'] = this.#cursor;
    const request = new Request(api.urlOf(url), {
      headers,
      signal,
      credentials: 'include',
      cache: 'no-store',
    });
    const response = await api.send(request);
    if (!response.ok) throw await readProblem(response);
    // A page of some proxy or captive portal is a failure that passes.
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return;
    const parser = new SseParser({
      onFrame: (frame) => signal.aborted || this.#receive(frame),
      onRetry: (ms) => (this.#retryMs = ms),
    });
    const decoder = new TextDecoder();
    const body: ReadableStream<Uint8Array> | null = response.body;
    const reader = body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      if (signal.aborted) return;
      this.#watch();
      parser.push(decoder.decode(part.value, { stream: true }));
    }
  }

  #receive(frame: SseFrame): void {
    this.#apply({ type: 'opened', now: this.#clock.now() });
    const read = readFrame(frame);
    if (read?.kind === 'ready') {
      if (this.#cursor !== null) return;
      // Without a cursor nobody knows what happened between the state and this stream.
      this.#cursor = read.cursor;
      return this.#demandResync();
    }
    this.#cursor = read?.kind === 'resync' ? read.cursor : frame.id || this.#cursor;
    if (read?.kind === 'resync') return this.#demandResync();
    if (read?.kind === 'ephemeral') return isolate(() => this.#options.onEphemeral?.(read.event));
    if (read?.kind !== 'event' || !this.#seen.add(read.event.id)) return;
    isolate(() => this.#options.onEvent(read.event, this.#cursor ?? ''));
  }

  #demandResync(): void {
    const idle = this.#resync === 'no';
    this.#resync = idle ? 'running' : 'again';
    if (idle) void this.#runResync();
  }

  async #runResync(failures = 0): Promise<void> {
    try {
      await this.#options.onResync();
      if (this.#resync !== 'again') {
        this.#resync = 'no';
        return;
      }
      this.#resync = 'running';
      failures = 0;
    } catch {
      failures++;
      const delay = backoffMs(failures, this.#retryMs, this.#random);
      await new Promise<void>((resolve) => this.#clock.after(delay, resolve));
    }
    if (this.#state.status !== 'closed') await this.#runResync(failures);
  }
}

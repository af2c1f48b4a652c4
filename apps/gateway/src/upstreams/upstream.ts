import type { LookupFunction } from 'node:net';
import { addressOf, type Address } from './address.js';
import { Breaker, type BreakerOptions } from './breaker.js';
import { UpstreamConnection, type ConnectionOwner } from './connection.js';

/** Someone who wants a connection. Exactly one of the two is called, unless it is cancelled. */
export type Taker = {
  take(connection: UpstreamConnection): void;
  refused(error: Error): void;
};

/** Message of the error when an exchange made no progress for too long. */
export const TIMED_OUT = 'timed out';

export class Saturated extends Error {}

export type UpstreamOptions = {
  connectMs: number;
  progressMs: number;
  maxConnections: number;
  maxWaiting: number;
  breaker?: BreakerOptions;
  now?: () => number;
};

export const UPSTREAM_DEFAULTS: UpstreamOptions = {
  connectMs: 2000,
  progressMs: 30_000,
  maxConnections: 256,
  maxWaiting: 4096,
};

const TICK_MS = 500;

/**
 * One process of a service: its keep-alive connections, a bounded queue for them, and its breaker.
 * Idle connections are used last in, first out, so that spare ones grow old and close.
 */
export class Upstream implements ConnectionOwner {
  readonly address: Address;
  readonly breaker: Breaker;
  /** Exchanges and streams that run on it. */
  inFlight = 0;
  private readonly now: () => number;
  private readonly connections = new Set<UpstreamConnection>();
  private readonly idleConnections: UpstreamConnection[] = [];
  private readonly waiting = new Set<Taker>();
  private connecting = 0;
  private readonly timing;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly base: string,
    readonly lookup: LookupFunction,
    private readonly options: UpstreamOptions = UPSTREAM_DEFAULTS,
  ) {
    this.address = addressOf(base);
    this.now = options.now ?? (() => performance.now());
    this.breaker = new Breaker(this.now, options.breaker);
    this.timing = { now: this.now, connectMs: options.connectMs, progressMs: options.progressMs };
  }

  get connectMs(): number {
    return this.options.connectMs;
  }

  acquire(taker: Taker): void {
    for (let idle = this.idleConnections.pop(); idle; idle = this.idleConnections.pop()) {
      if (idle.usable) {
        taker.take(idle);
        return;
      }
      idle.destroy();
    }
    if (this.waiting.size >= this.options.maxWaiting) {
      taker.refused(new Saturated(`too many requests wait for ${this.address.authority}`));
      return;
    }
    this.waiting.add(taker);
    this.connectAsNeeded();
  }

  cancel(taker: Taker): void {
    this.waiting.delete(taker);
  }

  close(): void {
    clearInterval(this.timer);
    for (const connection of this.connections) connection.destroy();
  }

  opened(connection: UpstreamConnection): void {
    this.connecting -= 1;
    this.offer(connection);
  }

  idle(connection: UpstreamConnection): void {
    this.offer(connection);
  }

  closed(connection: UpstreamConnection, connectError: Error | undefined): void {
    this.connections.delete(connection);
    const at = this.idleConnections.indexOf(connection);
    if (at >= 0) this.idleConnections.splice(at, 1);
    if (connectError) {
      this.connecting -= 1;
      this.nextWaiting()?.refused(connectError);
    }
    this.connectAsNeeded();
  }

  private connectAsNeeded(): void {
    while (this.connecting < this.waiting.size && this.connections.size < this.options.maxConnections) {
      this.timer ??= setInterval(() => this.tick(), TICK_MS).unref();
      this.connecting += 1;
      this.connections.add(new UpstreamConnection(this.address, this, this.timing, this.lookup));
    }
  }

  private offer(connection: UpstreamConnection): void {
    const taker = this.nextWaiting();
    if (taker) taker.take(connection);
    else this.idleConnections.push(connection);
  }

  private nextWaiting(): Taker | undefined {
    const [taker] = this.waiting;
    if (taker) this.waiting.delete(taker);
    return taker;
  }

  /** One timer for all deadlines, instead of one per request. */
  private tick(): void {
    const now = this.now();
    for (const connection of this.connections) {
      if (connection.deadline !== 0 && connection.deadline < now) connection.destroy(new Error(TIMED_OUT));
      else if (connection.deadline === 0 && connection.isOpen && !connection.usable) connection.destroy();
    }
  }
}

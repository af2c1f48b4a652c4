import type { Logger } from '#platform';
import type { Balancer } from '../upstreams/balancer.js';
import type { ExchangeSink, UpstreamConnection } from '../upstreams/connection.js';
import { Saturated, TIMED_OUT, type Taker, type Upstream } from '../upstreams/upstream.js';
import { replyHeaders, requestHead, type Body, type Forwarding } from './headers.js';
import type { EdgeRoute } from './route-table.js';
import type { Visit } from './visit.js';

/** Up to here bytes travel as one latin1 string, which saves a copy and a vectored write. */
const ONE_WRITE_BYTES = 8 * 1024;
const LAST_CHUNK = '0\r\n\r\n';
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/**
 * Carries one request to an upstream and its reply back, streaming both. It may be carried twice, to
 * another upstream if there is one, but only while that can't do anything twice: when no connection was
 * made, or when the method is idempotent, its whole body is still here, and no byte of a reply came.
 */
export class Exchange implements ExchangeSink, Taker {
  private readonly method: string;
  private readonly body: Body;
  private readonly maxBodyBytes: number;
  /** Of the running attempt. */
  private upstream: Upstream | undefined;
  private connection: UpstreamConnection | undefined;
  private tried: Upstream | undefined;
  private attempts = 0;
  private judged = false;
  /** Body bytes that wait for a connection, or are kept for a second attempt. */
  private held: Buffer[] = [];
  private received = 0;
  private bodyEnded: boolean;
  private finished = false;
  private readerPaused = false;

  constructor(
    private readonly visit: Visit,
    route: EdgeRoute,
    private readonly balancer: Balancer,
    private readonly forwarding: Forwarding,
    private readonly logger: Logger,
  ) {
    const { method = 'GET', headers } = visit.request;
    this.method = method;
    this.maxBodyBytes = route.maxBodyBytes;
    this.body = bodyOf(headers['transfer-encoding'], headers['content-length']);
    this.bodyEnded = this.body.kind === 'none' || (this.body.kind === 'length' && this.body.length === 0);
  }

  start(): void {
    const { visit, body } = this;
    if (body.kind === 'length' && body.length > this.maxBodyBytes) {
      visit.refuseTooLarge();
      return;
    }
    visit.onAbort = () => this.release();
    if (this.bodyEnded) {
      this.attempt();
      return;
    }
    // A connection is taken when the body begins to arrive: slow senders must not hold upstreams.
    visit.request.on('data', (chunk: Buffer) => this.bodyArrived(chunk));
    if (body.kind === 'chunked') visit.request.once('end', () => this.chunkedBodyEnded());
  }

  private bodyArrived(chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received > this.maxBodyBytes) {
      this.release();
      this.visit.refuseTooLarge();
      return;
    }
    if (this.finished) return;
    if (this.body.kind === 'length' && this.received >= this.body.length) this.bodyEnded = true;
    if (this.connection) {
      this.send(this.connection, chunk);
      return;
    }
    this.held.push(chunk);
    if (!this.bodyEnded) this.visit.request.pause();
    this.attempt();
  }

  private chunkedBodyEnded(): void {
    this.bodyEnded = true;
    if (this.finished) return;
    if (this.connection) this.connection.endRequest(LAST_CHUNK);
    else this.attempt();
  }

  private attempt(): void {
    if (this.upstream) return;
    const upstream = this.balancer.pick(this.tried) ?? (this.tried && this.balancer.pick());
    if (!upstream) {
      this.giveUp('unavailable', this.balancer.retryAfterSeconds);
      return;
    }
    this.attempts += 1;
    this.judged = false;
    this.upstream = upstream;
    upstream.inFlight += 1;
    upstream.acquire(this);
  }

  take(connection: UpstreamConnection): void {
    const { body, held, visit } = this;
    this.connection = connection;
    connection.begin(this.method, this);
    const host = (this.upstream as Upstream).address.authority;
    const head = requestHead(visit.request, host, this.forwarding, body);
    const [only] = held;
    if (body.kind === 'length' && only && held.length === 1 && only.length <= ONE_WRITE_BYTES) {
      connection.writeText(head + only.toString('latin1', 0, only.length));
      if (this.bodyEnded) connection.endRequest();
    } else {
      connection.writeText(head);
      for (const chunk of held) this.send(connection, chunk);
      if (this.bodyEnded) connection.endRequest(body.kind === 'chunked' ? LAST_CHUNK : undefined);
    }
    // An incomplete body goes on from here and can't be sent again.
    if (this.bodyEnded) return;
    this.held = [];
    visit.request.resume();
  }

  refused(error: Error): void {
    const saturated = error instanceof Saturated;
    const { requestId } = this.visit;
    this.logger.debug({ requestId, upstream: this.upstream?.base, err: error.message }, 'no connection');
    this.settle(saturated ? 'abandon' : 'failure');
    if (this.finished) return;
    if (saturated) this.giveUp('overloaded');
    else if (this.attempts < 2) this.attempt();
    else this.giveUp('unavailable');
  }

  private send(connection: UpstreamConnection, chunk: Buffer): void {
    const chunked = this.body.kind === 'chunked';
    if (chunked) connection.writeText(`${chunk.length.toString(16)}\r\n`);
    let more = connection.write(chunk);
    if (chunked) more = connection.writeText('\r\n');
    else if (this.bodyEnded) connection.endRequest();
    if (!more) this.visit.request.pause();
  }

  drained(): void {
    this.visit.request.resume();
  }

  head(status: number, headers: string[], connection: string | undefined): void {
    if (this.finished) return;
    this.judge(isGatewayError(status, headers) ? 'failure' : 'success');
    const own = [...this.visit.extraHeaders];
    this.visit.beginReply(status, replyHeaders(headers, connection, own));
  }

  data(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.finished) return;
    const { response } = this.visit;
    if (last && end - start <= ONE_WRITE_BYTES) {
      response.end(bytes.toString('latin1', start, end), 'latin1');
      this.complete();
      return;
    }
    const copy = Buffer.from(bytes.subarray(start, end));
    if (last) {
      response.end(copy);
      this.complete();
    } else if (!response.write(copy, this.flushed)) {
      this.readerPaused = true;
      this.connection?.pause();
    }
  }

  /** Some write has left: there is room again. */
  private readonly flushed = (): void => {
    if (!this.readerPaused) return;
    this.readerPaused = false;
    this.connection?.resume();
  };

  end(): void {
    if (this.finished) return;
    this.visit.response.end();
    this.complete();
  }

  broke(error: Error, replied: boolean): void {
    if (this.finished) return;
    const { connection, visit, upstream } = this;
    const timedOut = error.message === TIMED_OUT;
    // An idle connection that the upstream closed as we wrote says nothing bad about the upstream.
    const stale = (connection?.served ?? 0) > 0 && !replied && !timedOut;
    const repeatable = IDEMPOTENT.has(this.method) && !replied && !timedOut && this.heldWhole();
    this.logger.warn(
      { requestId: visit.requestId, upstream: upstream?.base, err: error.message },
      'an upstream broke an exchange',
    );
    this.connection = undefined;
    this.settle(stale ? 'abandon' : 'failure');
    if (repeatable && this.attempts < 2) this.attempt();
    else this.giveUp('unavailable');
  }

  private heldWhole(): boolean {
    return this.bodyEnded && this.held.reduce((sum, chunk) => sum + chunk.length, 0) === this.received;
  }

  private giveUp(code: 'unavailable' | 'overloaded', retryAfterSeconds = 1): void {
    this.finished = true;
    this.held = [];
    this.visit.refuse(code, retryAfterSeconds);
    this.visit.request.resume();
  }

  private complete(): void {
    this.finished = true;
    this.held = [];
    this.connection = undefined;
    this.settle('abandon');
  }

  /** The client is gone, or is refused: the upstream must stop working for it. */
  private release(): void {
    if (this.finished) return;
    const { connection } = this;
    this.upstream?.cancel(this);
    this.complete();
    connection?.destroy();
  }

  /** The first verdict on an attempt counts. */
  private judge(verdict: Verdict): void {
    if (this.judged) return;
    this.judged = true;
    this.upstream?.breaker[verdict]();
  }

  /** Ends the running attempt. */
  private settle(verdict: Verdict): void {
    this.judge(verdict);
    if (!this.upstream) return;
    this.upstream.inFlight -= 1;
    this.tried = this.upstream;
    this.upstream = undefined;
  }
}

type Verdict = 'success' | 'failure' | 'abandon';

/**
 * 502 and 504 come from something broken behind the upstream. So does a 503, unless it says when to come
 * back: that is a live service shedding load, and taking it out would make it worse.
 */
const isGatewayError = (status: number, headers: readonly string[]): boolean =>
  status === 502 ||
  status === 504 ||
  (status === 503 && !headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'retry-after'));

const bodyOf = (transferEncoding: string | undefined, contentLength: string | undefined): Body => {
  if (transferEncoding !== undefined) return { kind: 'chunked' };
  return contentLength === undefined ? { kind: 'none' } : { kind: 'length', length: Number(contentLength) };
};

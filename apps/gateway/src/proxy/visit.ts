import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemCode } from '#contracts';
import { problemBody, requestIdOf, SpanKind, startSpan, tracingEnabled } from '#platform';
import type { EdgeMetrics } from '../edge-metrics.js';
import type { Verdict } from '../limits/rate-limiter.js';
import type { EdgeRoute } from './route-table.js';

/** How much of a refused body is read before the connection is closed on a client that won't stop. */
const LINGER = { bytes: 4 * 1024 * 1024, ms: 2000 };

/** Where the visit takes place. */
export type House = { readonly metrics: EdgeMetrics; readonly draining: boolean };

/** The client's side of one request: what it asked, what it is told, and that it was counted. */
export class Visit {
  readonly requestId: string;
  readonly extraHeaders: string[];
  /** Ours while tracing is on; otherwise the client's own passes through. */
  readonly traceparent: string | undefined;
  /** Set by whoever works for this visit; called when the client left before the reply was complete. */
  onAbort: (() => void) | undefined;
  /** Counts the visit. A stream's is over, for us, when its reply begins. */
  readonly handOver: (status: number) => void;
  private readonly traceId: string | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly route: EdgeRoute | undefined,
    private readonly house: House,
  ) {
    const started = performance.now();
    const { headers } = request;
    this.requestId = requestIdOf(headers['x-request-id']);
    this.extraHeaders = ['x-request-id', this.requestId];
    const span = tracingEnabled() ? this.span(headers['traceparent']) : undefined;
    const context = span?.spanContext();
    this.traceId = context?.traceId;
    if (context) {
      this.traceparent = `00-${context.traceId}-${context.spanId}-0${context.traceFlags & 1}`;
    }
    // 'close' comes once, after a complete reply as well as after an aborted one.
    response.once('close', () => {
      if (!response.writableFinished) this.onAbort?.();
      // A reply that began before the drain has promised to keep its connection.
      if (house.draining) request.socket.destroySoon();
      this.handOver(response.headersSent ? response.statusCode : 499);
    });
    this.handOver = (status) => {
      house.metrics.served(route?.group ?? 'unmatched', status, performance.now() - started);
      span?.setAttribute('http.response.status_code', status).end();
    };
  }

  /** The client has gone, or has its reply already. */
  get over(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  /** Of several buckets the last one asked is told. */
  setRateLimit({ limit, remaining, resetSeconds }: Verdict): void {
    this.extraHeaders.length = 2;
    this.extraHeaders.push(
      'ratelimit-limit',
      String(limit),
      'ratelimit-remaining',
      String(remaining),
      'ratelimit-reset',
      String(resetSeconds),
    );
  }

  /** Writes the head of the reply. */
  beginReply(status: number, headers: string[]): void {
    if (this.house.draining) this.response.shouldKeepAlive = false;
    this.response.writeHead(status, headers);
  }

  refuse(code: ProblemCode, retryAfterSeconds?: number): void {
    if (this.response.headersSent || this.over) {
      this.response.destroy();
      return;
    }
    const body = this.refusal(code, retryAfterSeconds);
    this.response.end(body);
  }

  /**
   * The client is told at once and then has a moment to stop: closing on unread bytes would reset the
   * connection, and the client would lose the reply.
   */
  refuseTooLarge(): void {
    const { request, response } = this;
    if (response.headersSent || this.over) {
      response.destroy();
      return;
    }
    response.shouldKeepAlive = false;
    response.write(this.refusal('request.too_large'));
    let lingered = 0;
    const done = () => {
      clearTimeout(timer);
      response.end();
    };
    const timer = setTimeout(done, LINGER.ms);
    request.removeAllListeners('data');
    request.on('data', (chunk: Buffer) => {
      lingered += chunk.length;
      if (lingered > LINGER.bytes) done();
    });
    request.once('end', done);
    request.resume();
  }

  private refusal(code: ProblemCode, retryAfterSeconds?: number): string {
    const problem = problemBody(code, this.traceId ?? this.requestId);
    const body = JSON.stringify(problem);
    const headers = [
      'content-type',
      'application/problem+json',
      'content-length',
      String(Buffer.byteLength(body)),
      'cache-control',
      'no-store',
      ...this.extraHeaders,
    ];
    if (retryAfterSeconds !== undefined) headers.push('retry-after', String(retryAfterSeconds));
    if (problem.status === 401) headers.push('www-authenticate', 'Bearer');
    this.beginReply(problem.status, headers);
    return body;
  }

  private span(traceparent: string | string[] | undefined) {
    const name = `${this.request.method} ${this.route?.operation ?? 'unmatched'}`;
    return startSpan(name, SpanKind.SERVER, typeof traceparent === 'string' ? traceparent : null);
  }
}

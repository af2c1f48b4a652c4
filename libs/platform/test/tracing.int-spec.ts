import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Inject, Module, Post } from '@nestjs/common';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { z } from 'zod';
import { connectBus, ensureStreams, EventPublisher, JetStreamStrategy, OutboxRelay, type Bus } from '#bus';
import { Database, Outbox, PostgresOutboxStore } from '#db';
import {
  activeTraceId,
  currentTraceparent,
  SpanKind,
  startSpan,
  startTelemetry,
  stopTelemetry,
  withSpan,
} from '#platform';
import {
  aMessage,
  aMessageCreated,
  eventually,
  startNats,
  startPostgresDatabase,
  type EngineProcess,
  type TestDatabase,
} from '#testing';
import { startSampleApp } from './sample-app.js';

const Send = z.strictObject({ text: z.string() });

@Controller('/api/v1')
class SendController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  @Post('send')
  async send(@Body({ schema: Send }) { text }: z.infer<typeof Send>) {
    const message = aMessage({ text });
    await this.database.run({ name: 'check_access', text: 'SELECT 1' });
    await this.database.transaction((tx) =>
      this.outbox.append(tx, aMessageCreated(message, { traceparent: currentTraceparent() }), {
        scope: 'channel',
        id: message.channelId,
      }),
    );
    return { traceId: activeTraceId() };
  }
}

const spans: ReadableSpan[] = [];
const exporter: SpanExporter = {
  export: (finished, done) => {
    spans.push(...finished);
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The body comes after the head was handled: where async context is easily lost. */
const postSlowly = (url: string, body: object, traceparent: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const post = request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent },
    });
    post.once('error', reject);
    post.once('response', (response) => resolve(json(response)));
    post.flushHeaders();
    setTimeout(() => post.end(JSON.stringify(body)), 50);
  });

describe('while tracing is off', () => {
  it('nothing is traced and everything works', async () => {
    expect(currentTraceparent()).toBeNull();
    expect(startSpan('x', SpanKind.CLIENT)).toBeUndefined();
    expect(await withSpan('x', SpanKind.CLIENT, null, async () => activeTraceId())).toBeUndefined();
  });
});

describe('a trace', () => {
  let natsEngine: EngineProcess;
  let postgres: TestDatabase;
  let bus: Bus;
  let database: Database;
  let relay: OutboxRelay;
  let strategy: JetStreamStrategy;
  let sample: Awaited<ReturnType<typeof startSampleApp>>;
  let url: string;
  const consumed: (string | undefined)[] = [];

  beforeAll(async () => {
    [natsEngine, postgres] = await Promise.all([startNats(), startPostgresDatabase({ migrations: 'chat' })]);
    await startTelemetry({ service: 'sample', sampleRatio: 1, exporter });
    bus = await connectBus(natsEngine.url, 'tracing');
    await ensureStreams(bus.jsm, { replicas: 1, maxAgeHours: 1, maxBytes: 1 << 24 });
    database = new Database({
      url: postgres.url,
      poolSize: 2,
      name: 'tracing',
      entities: [],
      onCommitted: (rows) => relay.enqueue(rows),
      around: (statement, run) => withSpan(statement, SpanKind.CLIENT, undefined, run),
    });
    await database.open();
    relay = new OutboxRelay(new PostgresOutboxStore(database), new EventPublisher(bus.nats), silent);
    strategy = new JetStreamStrategy({
      bus,
      durable: 'tracing',
      service: 'tracing',
      log: silent,
      around: (name, traceparent, handle) => withSpan(name, SpanKind.CONSUMER, traceparent, handle),
    });
    strategy.addHandler('message.created', async () => void consumed.push(activeTraceId()), true);
    await new Promise<void>((resolve, reject) =>
      strategy.listen((error) => (error ? reject(new Error('listen', { cause: error })) : resolve())),
    );
    @Module({
      controllers: [SendController],
      providers: [
        { provide: Database, useValue: database },
        { provide: Outbox, useValue: new Outbox(1) },
      ],
    })
    class SendModule {}
    sample = await startSampleApp(SendModule);
    await sample.app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(sample.app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await sample.app.close();
    await strategy.close();
    await relay.stop();
    await stopTelemetry();
    await database.close();
    await bus.nats.close();
    await Promise.all([natsEngine.stop(), postgres.drop()]);
  });

  it('runs from a request with a body through SQL and NATS to the consumer', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    expect(await postSlowly(`${url}/api/v1/send`, { text: 'hello' }, traceparent)).toEqual({ traceId });
    await eventually(() => expect(consumed).toEqual([traceId]));

    await expect(
      withSpan('failing', SpanKind.INTERNAL, null, () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    // Shutting down flushes what was batched.
    await stopTelemetry();
    const of = (name: string) => spans.find((span) => span.name === name) as ReadableSpan;
    const server = of('POST /api/v1/send');
    expect(server.spanContext().traceId).toBe(traceId);
    expect(server.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(server.attributes['http.response.status_code']).toBe(201);
    for (const statement of ['check_access', 'transaction', 'tracing message.created']) {
      expect(of(statement).spanContext().traceId).toBe(traceId);
    }
    const parentOf = (name: string) => of(name).parentSpanContext?.spanId;
    expect(parentOf('check_access')).toBe(server.spanContext().spanId);
    expect(parentOf('transaction')).toBe(server.spanContext().spanId);
    expect(parentOf('tracing message.created')).toBe(of('transaction').spanContext().spanId);
    expect(of('tracing message.created').kind).toBe(SpanKind.CONSUMER);
    expect(of('failing').status.code).toBe(SpanStatusCode.ERROR);
  });
});

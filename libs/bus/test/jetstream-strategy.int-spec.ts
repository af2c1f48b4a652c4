import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { of } from 'rxjs';
import { EVENTS_STREAM } from '#contracts';
import { ANY_EVENT, connectBus, ensureStreams, JetStreamContext, RpcClient, RpcFailed } from '#bus';
import { eventually, freePort, newId } from '#testing';
import { runDlq } from '../src/dlq-cli.js';
import { BusHarness, LIMITS } from './harness.js';

describe('JetStreamStrategy', () => {
  let harness: BusHarness;
  beforeAll(async () => {
    harness = await BusHarness.start();
  });
  afterEach(() => harness.closeConsumers());
  afterAll(() => harness.stop());

  /** A durable name nobody has used, whose consumer sees only events of this test. */
  const fresh = async (): Promise<string> => {
    await harness.bus.jsm.streams.purge(EVENTS_STREAM);
    return `test-${newId.event()}`;
  };
  const settled = (durable: string) =>
    eventually(async () => expect(await harness.unsettled(durable)).toBe(0));

  it('hands an event to the handler of its type and acknowledges it', async () => {
    const durable = await fresh();
    const seen: unknown[] = [];
    await harness.consume(durable, {
      on: {
        'message.created': (event, context) => {
          seen.push([event.id, context.deliveryCount, context.subject.endsWith('.message.created')]);
          expect(context).toBeInstanceOf(JetStreamContext);
          expect(context.streamSeq).toBeGreaterThan(0);
        },
      },
    });
    const event = await harness.publish();
    await settled(durable);
    expect(seen).toEqual([[event.id, 1, true]]);
  });

  it('hands what has no handler of its own to the one for any event, and acknowledges the rest', async () => {
    const durable = await fresh();
    const any: string[] = [];
    await harness.consume(durable, {
      on: { 'member.left': () => undefined, [ANY_EVENT]: (event) => any.push(event.id) },
    });
    const event = await harness.publish();
    await settled(durable);
    expect(any).toEqual([event.id]);

    const deaf = await fresh();
    await harness.consume(deaf, { on: { 'member.left': () => undefined, 'member.joined': () => undefined } });
    await harness.publish();
    await settled(deaf);
  });

  it.each([
    ['one type', { 'message.created': 1 }],
    ['several types', { 'message.created': 1, 'member.left': 1 }],
    ['any type', { [ANY_EVENT]: 1 }],
  ])('hears every partition with handlers of %s, and goes on when there are more', async (_, types) => {
    const durable = await fresh();
    const seen: string[] = [];
    const on = Object.fromEntries(
      Object.keys(types).map((type) => [type, ({ id }: { id: string }) => void seen.push(id)]),
    );
    await harness.consume(durable, { on });
    const ids: string[] = [];
    for (const partitions of [1, 4, 8])
      for (let i = 0; i < 12; i++) ids.push((await harness.publish('x', null, partitions)).id);
    await settled(durable);
    expect(seen.sort()).toEqual(ids.sort());
  });

  it('gets only its own type from the server when it handles one', async () => {
    const durable = await fresh();
    await harness.consume(durable, { on: { 'member.left': () => undefined } });
    await harness.publish();
    const { config, num_pending } = await harness.bus.jsm.consumers.info(EVENTS_STREAM, durable);
    expect(config.filter_subject).toBe('evt.v1.*.*.*.*.member.left');
    expect(num_pending).toBe(0);
  });

  it('waits for what a handler returns, also an observable', async () => {
    const durable = await fresh();
    await harness.consume(durable, { on: { 'message.created': () => of('x') } });
    await harness.publish();
    await settled(durable);
  });

  it('delivers again, after a pause, what a handler could not do', async () => {
    const durable = await fresh();
    const attempts: number[] = [];
    await harness.consume(
      durable,
      {
        on: {
          'message.created': (_event, context) => {
            attempts.push(performance.now());
            if (context.deliveryCount < 3) throw new Error('not yet');
          },
        },
      },
      { backoffMs: [50, 150] },
    );
    await harness.publish();
    await settled(durable);
    expect(attempts).toHaveLength(3);
    const [first, second, third] = attempts as [number, number, number];
    expect(second - first).toBeGreaterThan(45);
    expect(third - second).toBeGreaterThan(145);
    expect(await runDlq(harness.bus, 'list', undefined)).toBe('no dead letters');
  });

  it('does not let one failing event hold up the others', async () => {
    const durable = await fresh();
    const done: string[] = [];
    await harness.consume(
      durable,
      {
        on: {
          'message.created': (event) => {
            if (event.data.message.text === 'bad') throw new Error('never');
            done.push(event.data.message.text);
          },
        },
      },
      { backoffMs: [60_000] },
    );
    await harness.publish('bad');
    for (const text of ['a', 'b', 'c']) await harness.publish(text);
    await eventually(() => expect(done).toEqual(['a', 'b', 'c']));
    await eventually(async () => expect(await harness.unsettled(durable)).toBe(1));
  });

  it('shares the work of a durable among replicas, each event once', async () => {
    const durable = await fresh();
    const done: string[] = [];
    for (const replica of ['1', '2'])
      await harness.consume(durable, {
        on: { 'message.created': (event) => done.push(`${replica} ${event.data.message.text}`) },
      });
    await Promise.all(Array.from({ length: 200 }, (_, index) => harness.publish(String(index))));
    await settled(durable);
    expect(new Set(done.map((line) => line.split(' ')[1])).size).toBe(200);
    expect(done).toHaveLength(200);
  });

  it('goes on where it stopped', async () => {
    const durable = await fresh();
    const done: string[] = [];
    const on = { 'message.created': (event: { id: string }) => done.push(event.id) };
    const first = await harness.publish();
    await harness.consume(durable, { on });
    await settled(durable);
    await harness.closeConsumers();
    const second = await harness.publish();
    await harness.consume(durable, { on });
    await settled(durable);
    expect(done).toEqual([first.id, second.id]);
  });

  it('wraps each handling with its name and the trace of the event', async () => {
    const durable = await fresh();
    const around: unknown[] = [];
    await harness.consume(
      durable,
      { on: { 'message.created': () => undefined } },
      {
        around: async (name, traceparent, handle) => {
          around.push([name, traceparent]);
          await handle();
        },
      },
    );
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await harness.publish('hello', trace);
    await harness.publish('"traceparent":"forged"');
    await settled(durable);
    expect(around).toEqual([
      [`${durable} message.created`, trace],
      [`${durable} message.created`, null],
    ]);
  });

  it('waits, when closed, for what is being handled, and takes nothing new', async () => {
    const durable = await fresh();
    let started = false;
    let finish: () => void = () => undefined;
    const strategy = await harness.consume(durable, {
      on: {
        'message.created': async () => {
          started = true;
          await new Promise<void>((resolve) => (finish = resolve));
        },
      },
    });
    await harness.publish();
    await eventually(() => expect(started).toBe(true));
    let closed = false;
    const closing = strategy.close().then(() => (closed = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toBe(false);
    started = false;
    await harness.publish();
    finish();
    await closing;
    await harness.bus.nats.flush();
    expect(started).toBe(false);
    // The first was acknowledged, the second waits for another process.
    await eventually(async () => {
      const { num_ack_pending, num_pending } = await harness.bus.jsm.consumers.info(EVENTS_STREAM, durable);
      expect([num_ack_pending, num_pending]).toEqual([0, 1]);
    });
  });

  it('makes its consumer again when someone deleted it', async () => {
    const durable = await fresh();
    const done: string[] = [];
    await harness.consume(durable, { on: { 'message.created': (event) => done.push(event.id) } });
    await harness.bus.jsm.consumers.delete(EVENTS_STREAM, durable);
    const event = await harness.publish();
    await eventually(() => expect(done).toContain(event.id), { timeoutMs: 15_000 });
  });

  it('is told when it cannot start', async () => {
    await harness.bus.jsm.streams.delete(EVENTS_STREAM);
    await expect(harness.consume('orphan', { on: { 'message.created': () => undefined } })).rejects.toThrow(
      'it did not start',
    );
    await ensureStreams(harness.bus.jsm, LIMITS);
  });

  it('has no emitter to listen to, but its bus', async () => {
    const strategy = await harness.consume(undefined, {});
    expect(() => strategy.on()).toThrow('not supported');
    expect(strategy.unwrap()).toBe(harness.bus);
  });
});

describe('requests and replies', () => {
  let harness: BusHarness;
  beforeAll(async () => {
    harness = await BusHarness.start();
  });
  afterEach(() => harness.closeConsumers());
  afterAll(() => harness.stop());

  it('are answered by the handler of the method', async () => {
    await harness.consume(undefined, {
      answers: { double: ({ n }: { n: number }) => ({ n: n * 2 }), nothing: () => null },
    });
    const rpc = new RpcClient(harness.bus.nats);
    expect(await rpc.request('rpc.v1.test.double', { n: 21 })).toEqual({ n: 42 });
    expect(await rpc.request('rpc.v1.test.nothing', {})).toBeNull();
  });

  it('are answered once however many replicas there are', async () => {
    let answered = 0;
    for (let replica = 0; replica < 3; replica++)
      await harness.consume(undefined, { answers: { count: () => ++answered } });
    const rpc = new RpcClient(harness.bus.nats);
    await Promise.all(Array.from({ length: 30 }, () => rpc.request('rpc.v1.test.count', {})));
    expect(answered).toBe(30);
  });

  it('do not tell the caller what broke', async () => {
    await harness.consume(undefined, {
      answers: {
        fail: () => {
          throw new Error('secret');
        },
      },
    });
    const failing = new RpcClient(harness.bus.nats).request('rpc.v1.test.fail', {});
    await expect(failing).rejects.toThrow(new RpcFailed('rpc.v1.test.fail: internal'));
    expect(harness.lines).toContain('an RPC failed');
  });

  it('survive a request that is no JSON', async () => {
    await harness.consume(undefined, { answers: { echo: (body: unknown) => body } });
    const reply = await harness.bus.nats.request('rpc.v1.test.echo', '{nonsense');
    expect(reply.json()).toEqual({ error: 'internal' });
    expect(await new RpcClient(harness.bus.nats).request('rpc.v1.test.echo', 'x')).toBe('x');
  });

  it('fail when nobody answers, at once or in time', async () => {
    await expect(new RpcClient(harness.bus.nats).request('rpc.v1.test.nobody', {})).rejects.toBeInstanceOf(
      RpcFailed,
    );
    await harness.consume(undefined, {
      answers: { slow: () => new Promise((resolve) => setTimeout(() => resolve('late'), 200)) },
    });
    await expect(new RpcClient(harness.bus.nats, 50).request('rpc.v1.test.slow', {})).rejects.toThrow(
      /rpc\.v1\.test\.slow: .*timeout/i,
    );
  });

  it('that are being answered when the service closes get their reply', async () => {
    const bus = await harness.connect();
    let begun = false;
    const slow = () => {
      begun = true;
      return new Promise((resolve) => setTimeout(() => resolve('done'), 100));
    };
    const strategy = await harness.consume(undefined, { answers: { slow } }, { bus });
    const reply = new RpcClient(harness.bus.nats).request('rpc.v1.test.slow', {});
    await eventually(() => expect(begun).toBe(true));
    await strategy.close();
    await bus.nats.close();
    expect(await reply).toBe('done');
  });
});

describe('connectBus', () => {
  it('rejects when there is no server', async () => {
    await expect(connectBus(`nats://u:p@127.0.0.1:${await freePort()}`, 'test')).rejects.toThrow();
  });
});

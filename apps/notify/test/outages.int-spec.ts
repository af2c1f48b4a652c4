import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureStreams } from '#bus';
import { EVENTS_STREAM } from '#contracts';
import { eventually, newId, openStream, StreamRefused } from '#testing';
import { Conversation, heardUntil, heardUntilEnd } from './conversation.js';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

/** Of the 10 s after which a process that was told to end is killed. */
const WELL_IN_TIME_MS = 8_000;
const LIMITS = { replicas: 1, maxAgeHours: 1, maxBytes: 1 << 30 };

describe('when something fails', () => {
  let world: World;
  let notify: RunningNotify;
  let general: Conversation;
  let ada: Person;

  const start = async (env: Record<string, string> = {}) => {
    notify = await RunningNotify.start(world, env);
  };
  /** A client that opens a stream and then does not read. */
  const stall = () =>
    new Promise<{ socket: Socket; closed: Promise<void> }>((resolve) => {
      const { port, pathname } = new URL(notify.path(ada.workspaceId));
      const socket = connect(Number(port), '127.0.0.1');
      const closed = new Promise<void>((done) => socket.once('close', () => done()));
      socket.on('error', () => undefined);
      socket.write(`GET ${pathname} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ada.token}\r\n\r\n`);
      socket.once('data', () => resolve({ socket: socket.pause(), closed }));
    });
  const large = (count: number) => Array.from({ length: count }, (_, i) => `m${i} ${'x'.repeat(8000)}`);

  beforeEach(async () => {
    world = await World.start();
    general = new Conversation(world, newId.workspace(), newId.channel());
    ada = await world.member(general.channel.workspaceId, general.channel.id);
  });
  afterEach(async () => {
    await notify?.stop();
    await world?.stop();
  });

  it('streams survive a NATS that is killed and started again, and miss nothing', async () => {
    await start();
    const stream = await listen(notify, ada);
    await general.say('before');
    expect(await heardUntil(stream, 'before')).toEqual(['before']);
    await world.nats.kill('SIGKILL');
    await eventually(async () => expect((await notify.health.readiness()).status).toBe('unready'));
    await world.nats.restart();
    await eventually(() => general.say('after'), { timeoutMs: 15_000, everyMs: 200 });
    expect(await heardUntil(stream, 'after')).toContain('after');
    await eventually(async () => {
      const { nats, events } = (await notify.health.readiness()).checks;
      expect([nats?.status, events?.status]).toEqual(['up', 'up']);
    });
    await stream.close();
  });

  it('a stream that was made anew is told to everyone, who then hear live events again', async () => {
    await start();
    const stream = await listen(notify, ada);
    const lounge = new Conversation(world, ada.workspaceId, newId.channel());
    await general.say('before');
    await heardUntil(stream, 'before');
    await world.bus.jsm.streams.delete(EVENTS_STREAM);
    // Who joined while nobody could tell is known after asking again.
    world.chat.member(ada, general.channel.id, lounge.channel.id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ensureStreams(world.bus.jsm, LIMITS);
    const frame = await stream.next((each) => each.event === 'stream.resync', 15_000);
    const { data } = JSON.parse(frame.data) as { data: { reason: string; cursor: string } };
    expect(data.reason).toBe('epoch');
    expect(data.cursor.split('-')[0]).not.toBe(stream.cursor.split('-')[0]);
    await general.say('after');
    await lounge.say('end');
    expect(await heardUntil(stream, 'end')).toEqual(['after', 'end']);
    await stream.close();
    const again = await listen(notify, ada, stream.cursor);
    expect((await again.next()).event).toBe('stream.resync');
    await again.close();
  });

  it('a stream that lost its end is told to everyone, who then hear live events again', async () => {
    await start();
    const stream = await listen(notify, ada);
    await general.say('kept');
    await world.nats.kill('SIGTERM');
    const copy = await mkdtemp(join(tmpdir(), 'parley-copy-'));
    await cp(world.nats.storeDir, copy, { recursive: true });
    await world.nats.restart();
    await eventually(() => general.say('lost'), { timeoutMs: 15_000, everyMs: 200 });
    await heardUntil(stream, 'lost');
    await world.nats.kill('SIGTERM');
    await rm(world.nats.storeDir, { recursive: true });
    await cp(copy, world.nats.storeDir, { recursive: true });
    await world.nats.restart();
    const frame = await stream.next((each) => each.event === 'stream.resync', 15_000);
    expect(frame.data).toContain('"reason":"ahead"');
    await eventually(() => general.say('after'), { timeoutMs: 15_000, everyMs: 200 });
    expect(await heardUntil(stream, 'after')).toContain('after');
    await stream.close();
    await rm(copy, { recursive: true });
  });

  it('a missing stream is made again', async () => {
    await start();
    const stream = await listen(notify, ada);
    await world.bus.jsm.streams.delete(EVENTS_STREAM);
    await stream.next((each) => each.event === 'stream.resync', 15_000);
    await general.say('after');
    expect(await heardUntil(stream, 'after')).toEqual(['after']);
    await stream.close();
  });

  it('a silent chat is "unavailable" with a time to retry; open streams go on', async () => {
    await start();
    const stream = await listen(notify, ada);
    world.chat.stop();
    const grace = await world.member(ada.workspaceId, general.channel.id);
    const headers = { authorization: `Bearer ${grace.token}` };
    const refused = await fetch(notify.path(ada.workspaceId), { headers });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'unavailable' });
    await general.say('still');
    expect(await heardUntil(stream, 'still')).toEqual(['still']);
    world.chat.start();
    await world.bus.nats.flush();
    await (await listen(notify, grace)).close();
    await stream.close();
  });

  it('a client that does not read is dropped, the others are not, and it can resume', async () => {
    await start({ STREAM_BACKLOG_BYTES: String(512 * 1024) });
    const reader = await listen(notify, ada);
    const stalled = await stall();
    const texts = large(3000);
    for (let i = 0; i < texts.length; i += 100) {
      const part = texts.slice(i, i + 100);
      await general.sayAll(part);
      expect(await heardUntil(reader, part.at(-1) as string)).toEqual(part);
    }
    stalled.socket.resume();
    await stalled.closed;
    const resumed = await listen(notify, ada, reader.cursor);
    expect(await heardUntil(resumed, texts.at(-1) as string)).toHaveLength(texts.length);
    await resumed.close();
    await reader.close();
  });

  it('no more streams are opened than the process may hold', async () => {
    await start({ STREAMS_MAX: '2' });
    const streams = [await listen(notify, ada), await listen(notify, ada)];
    const refused = await openStream(notify.path(ada.workspaceId), ada.token).catch(
      (error: unknown) => error,
    );
    expect((refused as StreamRefused).status).toBe(503);
    for (const stream of streams) await stream.close();
  });

  it('a client that leaves while chat is asked leaves nothing behind', async () => {
    await start({ STREAMS_PER_USER: '1' });
    let answer: () => void = () => undefined;
    world.chat.before = () => new Promise((resolve) => (answer = resolve));
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${ada.token}` };
    const asking = fetch(notify.path(ada.workspaceId), { headers, signal: abort.signal }).catch(() => null);
    await eventually(() => expect(world.chat.requests).toBe(1));
    abort.abort();
    await asking;
    await new Promise((resolve) => setTimeout(resolve, 50));
    world.chat.before = () => Promise.resolve();
    answer();
    await eventually(async () => (await listen(notify, ada)).close());
  });

  it('streams are ended with a last word when the process goes down', async () => {
    await start();
    const streams = await Promise.all(Array.from({ length: 40 }, () => listen(notify, ada)));
    const ends = streams.map((stream) => heardUntilEnd(stream));
    const started = performance.now();
    await notify.stop();
    expect(performance.now() - started).toBeLessThan(WELL_IN_TIME_MS);
    for (const end of await Promise.all(ends)) expect(end?.comments).toContain('draining');
  });

  it('a client that does not read does not hold up the end of the process', async () => {
    await start({ STREAM_BACKLOG_BYTES: String(64 * 1024 * 1024) });
    const reader = await listen(notify, ada);
    const { socket } = await stall();
    const texts = large(2500);
    await general.sayAll(texts);
    await heardUntil(reader, texts.at(-1) as string);
    const started = performance.now();
    await notify.stop();
    expect(performance.now() - started).toBeLessThan(WELL_IN_TIME_MS);
    socket.destroy();
  });
});

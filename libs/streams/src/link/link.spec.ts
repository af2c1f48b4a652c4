import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { FakeSocket, frame, linked, MAX_BACKLOG, turn, turns, type Key } from '../../test/linked.js';
import { Audience } from '../audience.js';
import { Connection } from '../connection.js';
import { Fanout } from '../fanout.js';
import type { Outlet } from '../outlet.js';
import type { FarSocket } from './far-socket.js';
import { encode, Kind } from './messages.js';

describe('a link', () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('enter' as const, 'leave' as const),
        who: fc.nat(3),
        where: fc.nat(2),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('event' as const), who: fc.constant(0), where: fc.nat(2) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('write' as const, 'send' as const, 'end' as const),
        who: fc.nat(3),
        where: fc.constant(0),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('turn' as const), who: fc.constant(0), where: fc.constant(0) }),
    },
  );

  test.prop([fc.array(step, { maxLength: 80, size: 'max' })], { numRuns: 200 })(
    'lets a stream behind it hear what it would hear on a socket of its own, in the same order',
    async (plan) => {
      const { open, shared } = linked();
      const fanout = new Fanout();
      const audiences = [new Audience(), new Audience(), new Audience()];
      const twins = [];
      for (let i = 0; i < 4; i++) {
        const far = await open();
        const socket = new FakeSocket();
        const own = new Connection<Key>(socket as unknown as Socket, { closed: [] }, shared);
        twins.push({
          far,
          socket,
          outlets: [own, far.stream] as Outlet[],
          in: new Set<Audience>(),
          over: false,
        });
      }
      let events = 0;
      for (const { do: what, who, where } of plan) {
        const twin = twins[who] as (typeof twins)[number];
        const audience = audiences[where] as Audience;
        if (what === 'turn') await turn();
        else if (what === 'event') fanout.push(audience, { seq: ++events, frame: frame(`e${events}`) });
        else if (!twin.over) {
          fanout.flush();
          if (what === 'enter' && !twin.in.has(audience)) {
            twin.in.add(audience);
            for (const outlet of twin.outlets) outlet.enter(audience);
          } else if (what === 'leave' && twin.in.delete(audience)) {
            for (const outlet of twin.outlets) outlet.leave(audience);
          } else if (what === 'end') {
            for (const outlet of twin.outlets) {
              for (const heard of twin.in) outlet.leave(heard);
              outlet.end('over');
            }
            twin.over = true;
          } else if (what === 'send' || (what === 'write' && twin.in.size === 0)) {
            for (const outlet of twin.outlets) outlet[what](frame(`${what}${events}`), 1);
          }
        }
      }
      fanout.flush();
      await turns();
      for (const { far, socket, over } of twins) {
        expect(far.socket.text).toBe(socket.text);
        expect(far.socket.writableEnded).toBe(over);
        expect(far.key.closed).toEqual(over ? ['over'] : []);
      }
    },
  );

  it('carries an event once for all streams behind it', async () => {
    const { open, told } = linked();
    const streams = [await open(), await open(), await open()];
    const audience = new Audience();
    for (const { stream } of streams) stream.enter(audience);
    new Fanout().push(audience, { seq: 1, frame: frame('hello') });
    await turns();
    expect(streams.map(({ socket }) => socket.text)).toEqual(['hello;', 'hello;', 'hello;']);
    expect(told.relayed).toBe(1);
  });

  it('forgets an audience with its last stream, and may give its place to another', async () => {
    const { open, told } = linked();
    const [ada, grace] = [await open(), await open()];
    const [first, second] = [new Audience(), new Audience()];
    ada.stream.enter(first);
    ada.stream.leave(first);
    grace.stream.enter(second);
    const fanout = new Fanout();
    fanout.push(first, { seq: 1, frame: frame('first') });
    fanout.push(second, { seq: 2, frame: frame('second') });
    await turns();
    expect([first.relays, ada.socket.text, grace.socket.text, told.relayed]).toEqual([
      null,
      '',
      'second;',
      1,
    ]);
  });

  it('tells the HTTP reply of a request that is refused, and that there was none', async () => {
    const { ask, asked } = linked();
    const [refused, dropped] = [ask(), ask()];
    await turns();
    const [first, second] = asked as [FarSocket, FarSocket];
    expect((first.read() as Buffer).toString()).toBe('GET /events HTTP/1.1\r\n\r\n');
    first.write('HTTP/1.1 404 ');
    first.end('Not Found\r\n\r\n');
    second.destroy();
    await turns();
    expect([refused.outcome, dropped.outcome]).toEqual([['HTTP/1.1 404 Not Found\r\n\r\n'], ['']]);
  });

  it('cancels a request whose client does not wait, and gives up one that is not answered', async () => {
    const { ask, asked, edge } = linked({ pingMs: 20 });
    const [impatient, late] = [ask(), ask()];
    await turns();
    edge.cancel(impatient.opening);
    await turns();
    expect(asked.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([impatient.outcome, late.outcome]).toEqual([[], ['no reply in time']]);
    expect(asked.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  it('drops a client that does not read, tells why, and leaves the others alone', async () => {
    const { open, told } = linked();
    const [slow, fast] = [await open(), await open()];
    const audience = new Audience();
    slow.stream.enter(audience);
    fast.stream.enter(audience);
    slow.socket.stalled = true;
    const fanout = new Fanout();
    for (let i = 0; i < 8; i++) {
      fanout.push(audience, { seq: i, frame: Buffer.alloc(MAX_BACKLOG / 4, 'x') });
      await turns(3);
    }
    expect([slow.socket.destroyed, slow.key.closed, told.closed]).toEqual([true, ['slow'], ['slow']]);
    expect(fast.socket.text).toHaveLength(2 * MAX_BACKLOG);
    expect(audience.relays?.size).toBe(1);
  });

  it('makes a replay wait for its client, and nobody else', async () => {
    const { open } = linked();
    const [slow, other] = [await open(), await open()];
    slow.socket.stalled = true;
    slow.stream.write(Buffer.alloc(2 * MAX_BACKLOG), 1);
    let drained = false;
    void slow.stream.drained(60_000).then(() => (drained = true));
    await other.stream.drained(60_000);
    expect([drained, slow.socket.destroyed]).toEqual([false, false]);
    slow.socket.go();
    await turns();
    expect(drained).toBe(true);
  });

  it('ends a replay whose client stalls', async () => {
    const { open } = linked();
    const slow = await open();
    slow.socket.stalled = true;
    slow.stream.write(Buffer.alloc(2 * MAX_BACKLOG), 1);
    await slow.stream.drained(20);
    await turns();
    expect([slow.key.closed, slow.socket.destroyed]).toEqual([['slow'], true]);
  });

  it('says that it is congested, until the other end has read', async () => {
    const { open, near } = linked();
    const { stream, socket } = await open();
    near.pause();
    for (let i = 0; i < 30; i++) stream.write(Buffer.alloc(MAX_BACKLOG / 2, 'x'), 1);
    expect(stream.congested).toBe(true);
    const waited = stream.drained(60_000);
    await turns();
    expect(stream.congested).toBe(true);
    near.resume();
    await waited;
    expect(stream.congested).toBe(false);
    expect(socket.text).toHaveLength(15 * MAX_BACKLOG);
  });

  it('ends all its streams when it breaks', async () => {
    const { open, ask, far, near, told } = linked();
    const stream = await open();
    const pending = ask();
    await turns();
    far.destroy();
    near.destroy();
    await turns();
    expect(stream.key.closed).toEqual(['link lost']);
    expect([stream.socket.text, stream.socket.writableEnded]).toEqual([': link lost\n\n', true]);
    expect([told.closed, told.lost, pending.outcome]).toEqual([
      ['link lost'],
      ['the link was closed'],
      ['the link was closed'],
    ]);
  });

  it('breaks when the other end falls silent, but not when both are quiet', async () => {
    const quiet = linked({ pingMs: 10 });
    const hung = linked({ pingMs: 10 });
    hung.near.pause();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([quiet.told.lost, hung.told.lost]).toEqual([[], ['the other end is silent']]);
  });

  it.each([
    ['not a message', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['not for this end', encode(Kind.event, 1, 0)],
    ['a stream that exists', encode(Kind.open, 0, 0)],
  ])('breaks on %s', async (_what, bytes) => {
    const { near, ask, told } = linked();
    ask();
    await turns();
    near.write(bytes);
    await turns();
    expect(told.lost).toHaveLength(1);
  });

  it('ignores what crosses the end of a stream on its way', async () => {
    const { open, near, told } = linked();
    const { stream, socket } = await open();
    stream.end('over');
    stream.end('again');
    stream.send(frame('late'), 1);
    near.write(
      Buffer.concat([encode(Kind.close, 0, 0), encode(Kind.synced, 0, 0), encode(Kind.close, 99, 0)]),
    );
    await turns();
    expect([socket.text, told.closed, told.lost]).toEqual([': over\n\n', ['ended'], []]);
  });
});

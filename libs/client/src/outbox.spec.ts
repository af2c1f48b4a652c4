import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClientMessageId } from '#contracts';
import { channelId, problem, reportedErrors, settle } from '../test/fakes.js';
import { network, setup, type Attempt } from '../test/outbox-harness.js';
import type { Outbox } from './outbox.js';

const [one, two] = [channelId(1), channelId(2)];
const states = (outbox: Outbox) => outbox.messages.map(({ text, state, code }) => [text, state, code]);

describe('Outbox', () => {
  it('shows a message as queued, sending, then no more', async () => {
    const { outbox, changes, sent } = setup();
    const message = outbox.send(one, 'hi');
    expect(message).toMatchObject({ channelId: one, text: 'hi', state: 'queued', code: null });
    await settle();
    expect(changes).toEqual([['hi queued'], ['hi sending'], []]);
    expect(sent).toEqual(['hi']);
    expect(outbox.messages).toEqual([]);
  });

  it('stores before it sends, and forgets after', async () => {
    const { outbox, storage } = setup({ reply: () => 'hang' });
    outbox.send(one, 'hi');
    expect(storage.load()).toMatchObject([{ text: 'hi', failure: null }]);
    const other = setup();
    other.outbox.send(one, 'hi');
    await settle();
    expect(other.storage.load()).toEqual([]);
  });

  it('sends the messages of a channel in order, one after the other', async () => {
    const { outbox, attempts, clock, overlapped } = setup({
      reply: (_, n) => (n % 2 ? network() : undefined),
    });
    for (const text of ['a', 'b', 'c']) outbox.send(one, text);
    await clock.advance(10_000);
    expect(attempts.map(({ text }) => text)).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(overlapped()).toBe(false);
  });

  it('does not let one channel wait for another', async () => {
    const { outbox, sent } = setup({ reply: ({ channel }) => (channel === one ? 'hang' : undefined) });
    outbox.send(one, 'slow');
    outbox.send(two, 'fast');
    await settle();
    expect(sent).toEqual(['fast']);
  });

  it('repeats under the same id until it gets through', async () => {
    const { outbox, attempts, clock, sent } = setup({ reply: (_, n) => (n < 4 ? network() : undefined) });
    const { clientMessageId } = outbox.send(one, 'hi');
    await clock.advance(60_000);
    expect(attempts.map(({ id }) => id)).toEqual(Array(4).fill(clientMessageId));
    expect(sent).toEqual(['hi']);
  });

  it('waits longer each time', async () => {
    const { outbox, clock, attempts } = setup({ reply: network });
    outbox.send(one, 'hi');
    await settle();
    for (const [ms, count] of [
      [499, 1],
      [1, 2],
      [999, 2],
      [1, 3],
      [2_000, 4],
    ] as const) {
      await clock.advance(ms);
      expect(attempts).toHaveLength(count);
    }
  });

  it.each(['overloaded', 'internal', 'rate_limited'] as const)(
    'tries again after %s, not before Retry-After',
    async (code) => {
      const { outbox, clock, attempts, sent } = setup({
        reply: (_, n) => (n === 1 ? problem(code, { 'retry-after': '7' }) : undefined),
      });
      outbox.send(one, 'hi');
      await clock.advance(7_499);
      expect(attempts).toHaveLength(1);
      expect(states(outbox)).toEqual([['hi', 'queued', null]]);
      await clock.advance(1);
      expect(sent).toEqual(['hi']);
    },
  );

  it('marks what the server refuses as failed and goes on with the next', async () => {
    const { outbox, storage, clock, attempts, sent } = setup({
      reply: ({ text }) => (text === 'bad' ? problem('channel.not_member') : undefined),
    });
    outbox.send(one, 'bad');
    outbox.send(one, 'good');
    await clock.advance(60_000);
    expect(states(outbox)).toEqual([['bad', 'failed', 'channel.not_member']]);
    expect(storage.load()).toMatchObject([{ text: 'bad', failure: 'channel.not_member' }]);
    expect(attempts).toHaveLength(2);
    expect(sent).toEqual(['good']);
  });

  it('sends a failed message again on demand, under the same id and behind the others', async () => {
    let refuse = true;
    const { outbox, clock, attempts, sent } = setup({
      reply: () => (refuse ? problem('channel.archived') : undefined),
    });
    const failed = outbox.send(one, 'first');
    await settle();
    refuse = false;
    outbox.send(one, 'second');
    outbox.retry(failed.clientMessageId);
    outbox.retry(failed.clientMessageId);
    outbox.retry('unknown' as ClientMessageId);
    await clock.advance(0);
    expect(sent).toEqual(['second', 'first']);
    expect(attempts.at(-1)?.id).toBe(failed.clientMessageId);
  });

  it('discards failed and queued messages, but not one under way', async () => {
    const { outbox, storage } = setup({
      reply: ({ text }) => (text === 'bad' ? problem('channel.archived') : 'hang'),
    });
    const bad = outbox.send(one, 'bad');
    const underWay = outbox.send(one, 'under way');
    const queued = outbox.send(one, 'queued');
    await settle();
    for (const { clientMessageId } of [bad, underWay, queued]) outbox.discard(clientMessageId);
    expect(states(outbox)).toEqual([['under way', 'sending', null]]);
    expect(storage.load()).toHaveLength(1);
  });

  it('survives a reload: sends what was queued or under way, keeps what failed', async () => {
    let up = false;
    const { outbox, open, sent, clock } = setup({
      reply: ({ text }) => (text === 'bad' ? problem('channel.archived') : up ? undefined : 'hang'),
    });
    const texts = ['bad', 'under way', 'queued'];
    const ids = texts.map((text) => outbox.send(one, text).clientMessageId);
    await settle();
    outbox.close();
    up = true;
    const reloaded = open();
    await clock.advance(0);
    expect(sent).toEqual(['under way', 'queued']);
    expect(states(reloaded)).toEqual([['bad', 'failed', 'channel.archived']]);
    expect(reloaded.messages[0]?.clientMessageId).toBe(ids[0]);
  });

  it('stops when closed', async () => {
    const { outbox, clock, connectivity, attempts, storage } = setup({ reply: network });
    outbox.send(one, 'hi');
    await settle();
    outbox.close();
    connectivity.set(true);
    await clock.advance(120_000);
    expect(attempts).toHaveLength(1);
    expect(storage.load()).toHaveLength(1);
    expect(connectivity.listeners.size).toBe(0);
  });

  it('waits for the network, and goes on at once when it is back', async () => {
    const { outbox, clock, connectivity, attempts, sent } = setup({ online: false });
    outbox.send(one, 'hi');
    await clock.advance(60_000);
    expect(attempts).toHaveLength(0);
    connectivity.set(true);
    await settle();
    expect(sent).toEqual(['hi']);
  });

  it('does not wait out its backoff when the network comes back', async () => {
    let up = false;
    const { outbox, clock, connectivity, sent } = setup({ reply: () => (up ? undefined : network()) });
    outbox.send(one, 'hi');
    await clock.advance(20_000);
    connectivity.set(false);
    await settle();
    up = true;
    connectivity.set(true);
    await settle();
    expect(sent).toEqual(['hi']);
  });

  it('is not stopped by a listener that throws', async () => {
    const reported = reportedErrors();
    const { outbox, attempts } = setup({
      onSent: () => {
        throw new Error('listener');
      },
    });
    outbox.send(one, 'a');
    outbox.send(one, 'b');
    await settle();
    expect(attempts.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(outbox.messages).toEqual([]);
    expect(reported).toHaveLength(2);
  });

  it('delivers everything once and in order per channel, whatever fails on the way', async () => {
    const fault = fc.constantFrom<'ok' | 'lost request' | 'lost reply' | 'busy'>(
      'ok',
      'lost request',
      'lost reply',
      'busy',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(one, two), fc.boolean()), { maxLength: 12 }),
        fc.array(fault, { maxLength: 20 }),
        async (writes, faults) => {
          const server = new Map<string, Attempt>();
          const { open, clock, outbox } = setup({
            reply: (attempt, n) => {
              const outcome = faults[n - 1] ?? 'ok';
              if (outcome === 'lost request') return network();
              if (outcome === 'busy') return problem('overloaded');
              // The server knows a message again by its id.
              if (!server.has(attempt.id)) server.set(attempt.id, attempt);
              return outcome === 'lost reply' ? network() : undefined;
            },
          });
          let current = outbox;
          for (const [i, [channel, reload]] of writes.entries()) {
            current.send(channel, String(i));
            if (!reload) continue;
            await settle();
            current.close();
            current = open();
          }
          await clock.advance(600_000);
          expect(current.messages).toEqual([]);
          for (const channel of [one, two]) {
            const arrived = [...server.values()].filter((attempt) => attempt.channel === channel);
            const written = writes.flatMap(([to], i) => (to === channel ? [String(i)] : []));
            expect(arrived.map(({ text }) => text)).toEqual(written);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

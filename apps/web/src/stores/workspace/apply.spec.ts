import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutboxMessage } from '#client';
import type { MessagePage } from '#contracts';
import { apply, putMessage } from './apply.js';
import { FakeClient } from './client.fixture.js';
import { applyOutbox, pendingOf } from './pending.js';
import { FakeServer } from './server.fixture.js';
import { applyBootstrap } from './snapshot.js';
import { emptyState, type WorkspaceState } from './state.js';
import { visibleRows } from './timeline.js';

/** What must be equal: all but the book-keeping. */
const shown = ({ channels, people, pending, expelled, me, workspace }: WorkspaceState) => ({
  channels,
  people,
  pending,
  expelled,
  me,
  workspace,
});

const n = fc.nat(20);
type Step = (client: FakeClient) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(n, fc.boolean()).map(
      ([a, mine]): Step =>
        (c) =>
          void c.server.send(a, mine),
    ),
  },
  {
    weight: 2,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.server.reply(a),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(n, n, fc.boolean()).map(
      ([a, b, e]): Step =>
        (c) =>
          c.server.change(a, b, e),
    ),
  },
  {
    weight: 1,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.server.read(a),
    ),
  },
  {
    weight: 1,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.server.toggleMembership(a),
    ),
  },
  {
    weight: 1,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.server.togglePerson(a),
    ),
  },
  {
    weight: 2,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.server.describe(a),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (mine): Step =>
        (c) =>
          c.server.createChannel(mine),
    ),
  },
  {
    weight: 5,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.deliver(a),
    ),
  },
  {
    weight: 1,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.rewind(a),
    ),
  },
  {
    weight: 1,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.repeat(a),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(n, fc.boolean()).map(
      ([a, older]): Step =>
        (c) =>
          c.askPage(c.server.channelIds[a % c.server.channelIds.length] ?? '', older),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((c) => c.askSnapshot()) },
  { weight: 1, arbitrary: fc.constant<Step>((c) => c.resync()) },
  {
    weight: 4,
    arbitrary: n.map(
      (a): Step =>
        (c) =>
          c.hear(a),
    ),
  },
);

const wholeHistory = (server: FakeServer, channelId: string): MessagePage['data'] => {
  const rows: MessagePage['data'] = [];
  for (let next: string | null = '0'; next !== null;) {
    const page = server.page(channelId, { kind: 'after', seq: Number(next) });
    rows.push(...page.data);
    next = page.nextCursor;
  }
  return rows;
};

const expectRefetched = (client: FakeClient): void => {
  const refetched = applyBootstrap(emptyState, client.server.bootstrap());
  expect(shown(client.state)).toEqual(shown(refetched));
  for (const [channelId, timeline] of Object.entries(client.state.timelines)) {
    const whole = wholeHistory(client.server, channelId);
    const { from, complete } = timeline;
    expect(complete).toBe(from === 1);
    expect(visibleRows(timeline)).toEqual(from === null ? [] : whole.filter(({ seq }) => seq >= from));
  }
};

describe('apply', () => {
  it('ends in the state a refetch gives, however snapshots, pages, events, repeats and resyncs interleave', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const client = new FakeClient(new FakeServer());
        for (const run of steps) run(client);
        client.settle();
        expectRefetched(client);
      }),
      { numRuns: 1500 },
    );
  });

  it('shows each sent message once, whichever of reply and event comes first', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('reply', 'event', 'page'), { minLength: 1 }), (order) => {
        const client = new FakeClient(new FakeServer());
        const channelId = client.server.channelIds[0] ?? '';
        client.askPage(channelId, false);
        client.hearAll();
        const message = client.server.send(0, true);
        if (!message) throw new Error('not sent');
        const unsent: OutboxMessage[] = [{ ...message, state: 'sending', code: null, position: 0 }];
        client.state = applyOutbox(client.state, unsent);
        for (const way of order) {
          if (way === 'reply') client.state = putMessage(client.state, message);
          if (way === 'event') client.deliver(1);
          if (way === 'page') client.askPage(channelId, false);
          client.hearAll();
          // The outbox may report at any time, and still holds the message until its reply came.
          if (way !== 'reply') client.state = applyOutbox(client.state, unsent);
          const rows = visibleRows(client.state.timelines[channelId]);
          expect(rows.filter(({ id }) => id === message.id)).toHaveLength(1);
          expect(pendingOf(client.state, channelId)).toEqual([]);
        }
        client.state = applyOutbox(client.state, []);
        client.settle();
        expectRefetched(client);
      }),
    );
  });

  it('keeps a message deleted when its edit arrives late', () => {
    const client = new FakeClient(new FakeServer());
    const channelId = client.server.channelIds[0] ?? '';
    client.askPage(channelId, false);
    client.hearAll();
    client.server.send(0, false);
    client.server.change(0, 0, false);
    client.server.change(0, 0, true);
    for (const event of [...client.server.log].reverse()) client.state = apply(client.state, event);
    const [row] = visibleRows(client.state.timelines[channelId]);
    expect(row?.deletedAt).not.toBeNull();
    expect(row?.text).toBe('');
  });

  it('never mutates the state it was given', () => {
    const freeze = <T>(value: T): T => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const client = new FakeClient(new FakeServer());
        for (const run of steps) {
          freeze(client.state);
          run(client);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('ignores an event type it does not know', () => {
    const { state } = new FakeClient(new FakeServer());
    const event = { ...new FakeServer().log[0], id: 'x', type: 'poll.closed' };
    expect(shown(apply(state, event as never))).toEqual(shown(state));
  });
});

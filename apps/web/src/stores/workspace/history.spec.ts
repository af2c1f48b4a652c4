import { shallowRef } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelId, MessagePage } from '#contracts';
import { apply } from './apply.js';
import type { Cell } from './cell.js';
import { createHistory } from './history.js';
import { FakeServer } from './server.fixture.js';
import { applyBootstrap } from './snapshot.js';
import { emptyState } from './state.js';
import { visibleRows } from './timeline.js';

type Query = { before?: number; after?: number; limit: number };

const setUp = (pageSize = 5) => {
  const server = new FakeServer(pageSize);
  const channelId = server.channelIds[0] as ChannelId;
  const state = shallowRef(applyBootstrap(emptyState, server.bootstrap()));
  const cell: Cell = { state, update: (step) => (state.value = step(state.value)) };
  const queries: Query[] = [];
  let failing = false;
  const listMessages = ({ query }: { query: Query }): Promise<MessagePage> => {
    queries.push(query);
    if (failing) return Promise.reject(new TypeError('fetch failed'));
    if (query.after !== undefined)
      return Promise.resolve(server.page(channelId, { kind: 'after', seq: query.after }));
    if (query.before !== undefined)
      return Promise.resolve(server.page(channelId, { kind: 'before', seq: query.before }));
    return Promise.resolve(server.page(channelId, { kind: 'newest' }));
  };
  const history = createHistory(cell, { listMessages: listMessages as never });
  let heard = server.log.length;
  return {
    server,
    channelId,
    history,
    queries,
    fail: (on: boolean) => (failing = on),
    sendMany: (count: number) => {
      for (let i = 0; i < count; i++) server.send(0, false);
    },
    hear: (skip = 0) => {
      for (const event of server.log.slice(heard + skip)) cell.update((current) => apply(current, event));
      heard = server.log.length;
    },
    seqs: () => visibleRows(state.value.timelines[channelId]).map(({ seq }) => seq),
    timeline: () => state.value.timelines[channelId],
  };
};

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('createHistory', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('loads the newest page, then older ones until the start, and nothing twice', async () => {
    const { history, channelId, sendMany, hear, seqs, queries } = setUp();
    sendMany(12);
    hear();
    await history.open(channelId);
    expect(seqs()).toEqual(upTo(12, 8));
    await Promise.all([history.loadOlder(channelId), history.loadOlder(channelId)]);
    expect(seqs()).toEqual(upTo(12, 3));
    await history.loadOlder(channelId);
    await history.loadOlder(channelId);
    expect(seqs()).toEqual(upTo(12));
    expect(queries).toHaveLength(3);
  });

  it('fetches what stays missing after a moment', async () => {
    const { history, channelId, sendMany, hear, seqs, queries } = setUp();
    await history.open(channelId);
    sendMany(9);
    hear(8);
    expect(seqs()).toEqual([9]);
    history.watchGaps(channelId);
    history.watchGaps(channelId);
    await vi.advanceTimersByTimeAsync(500);
    expect(seqs()).toEqual(upTo(9));
    expect(queries.filter(({ after }) => after !== undefined).length).toBe(2);
    history.watchGaps(null);
    history.stop();
  });

  it('asks for nothing when the missing event arrives by itself', async () => {
    const { history, channelId, sendMany, hear, seqs, queries, server } = setUp();
    await history.open(channelId);
    sendMany(2);
    hear(1);
    history.watchGaps(channelId);
    const first = server.log.at(-2);
    expect(first?.type).toBe('message.created');
    hear(-2);
    await vi.advanceTimersByTimeAsync(500);
    expect(seqs()).toEqual([1, 2]);
    expect(queries).toHaveLength(1);
  });

  it('tries again when filling a gap failed', async () => {
    const { history, channelId, sendMany, hear, seqs, fail } = setUp();
    await history.open(channelId);
    sendMany(3);
    hear(2);
    fail(true);
    history.watchGaps(channelId);
    await vi.advanceTimersByTimeAsync(500);
    expect(seqs()).toEqual([3]);
    fail(false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it('starts again from the newest page when far behind', async () => {
    const { history, channelId, sendMany, hear, seqs } = setUp(50);
    sendMany(3);
    hear();
    await history.open(channelId);
    sendMany(1500);
    hear(1499);
    await history.refresh(channelId);
    expect(seqs()).toEqual(upTo(1503, 1454));
  });

  it('refreshes a channel that was never loaded by loading it', async () => {
    const { history, channelId, sendMany, hear, seqs } = setUp();
    sendMany(2);
    hear();
    await history.refresh(channelId);
    expect(seqs()).toEqual([1, 2]);
  });

  it('lets a failed request leave no trace', async () => {
    const { history, channelId, fail, timeline } = setUp();
    fail(true);
    await expect(history.open(channelId)).rejects.toThrow();
    expect(timeline()).toEqual({ rows: [], from: null, complete: false, fetching: 0 });
  });
});

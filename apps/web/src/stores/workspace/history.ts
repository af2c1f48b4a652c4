import type { Api } from '#client';
import type { ChannelId, MessagePage } from '#contracts';
import type { Cell } from './cell.js';
import { applyPage, beginPage, failPage } from './pages.js';
import { emptyTimeline, gapsOf, type PageRequest } from './timeline.js';

const PAGE = 50;
const REFILL_PAGE = 200;
/** Catching up further than this would be slower than starting again from the newest page. */
const REFILL_LIMIT = 1000;
/** An event is usually already on its way; only what stays missing is fetched. */
const GAP_PATIENCE_MS = 400;
const REACH_PAGES = 25;
const GAP_RETRY_MS = 5000;

const queryOf = (request: PageRequest, limit: number): { before?: number; after?: number; limit: number } => {
  if (request.kind === 'before') return { before: request.seq, limit };
  return request.kind === 'after' ? { after: request.seq, limit: REFILL_PAGE } : { limit };
};

/** Fetches history into the timelines: the newest page, older ones, and what is missing. */
export const createHistory = ({ state, update }: Cell, api: Pick<Api, 'listMessages'>) => {
  const older = new Set<string>();
  let gapTimer: ReturnType<typeof setTimeout> | undefined;

  const timelineOf = (channelId: ChannelId) => state.value.timelines[channelId];
  const channelOf = (channelId: ChannelId) => state.value.channels[channelId]?.channel;
  const gapsIn = (channelId: ChannelId) =>
    gapsOf(timelineOf(channelId), channelOf(channelId)?.lastOrdinal ?? 0);

  const fetchPage = async (
    channelId: ChannelId,
    request: PageRequest,
    limit = PAGE,
  ): Promise<MessagePage> => {
    update((current) => beginPage(current, channelId));
    try {
      const page = await api.listMessages({ path: { channelId }, query: queryOf(request, limit) });
      update((current) => applyPage(current, channelId, request, page));
      return page;
    } catch (cause) {
      update((current) => failPage(current, channelId));
      throw cause;
    }
  };

  const catchUp = async (channelId: ChannelId, after: number): Promise<void> => {
    if ((channelOf(channelId)?.lastSeq ?? 0) - after > REFILL_LIMIT) {
      await fetchPage(channelId, { kind: 'replace' });
      return;
    }
    for (let next: number | null = after; next !== null;) {
      const page: MessagePage = await fetchPage(channelId, { kind: 'after', seq: next });
      next = page.nextCursor === null ? null : Number(page.nextCursor);
    }
  };

  const fillGaps = async (channelId: ChannelId): Promise<void> => {
    const [gap] = gapsIn(channelId);
    if (gap) await catchUp(channelId, gap.after);
  };

  /** Does nothing unless something is missing; otherwise gives it a moment to arrive by itself. */
  const watchGaps = (channelId: ChannelId | null, delay = GAP_PATIENCE_MS): void => {
    if (gapTimer !== undefined || channelId === null) return;
    if (gapsIn(channelId).length === 0) return;
    gapTimer = setTimeout(() => {
      const again = () => {
        gapTimer = undefined;
        watchGaps(channelId, GAP_RETRY_MS);
      };
      fillGaps(channelId).then(again, again);
    }, delay);
  };

  /** Makes a channel readable: its newest page, or what came since it was last open. */
  const open = async (channelId: ChannelId): Promise<void> => {
    if ((timelineOf(channelId)?.from ?? null) === null) await fetchPage(channelId, { kind: 'newest' });
    else await fillGaps(channelId);
  };

  /** Fetches loaded history again: events were lost, so any of its messages may have changed. */
  const refresh = async (channelId: ChannelId): Promise<void> => {
    const from = timelineOf(channelId)?.from ?? null;
    if (from === null) await fetchPage(channelId, { kind: 'newest' });
    else await catchUp(channelId, from - 1);
  };

  const loadOlder = async (channelId: ChannelId, limit = PAGE): Promise<void> => {
    const { from, complete } = timelineOf(channelId) ?? emptyTimeline;
    if (from === null || complete || older.has(channelId)) return;
    older.add(channelId);
    try {
      await fetchPage(channelId, { kind: 'before', seq: from }, limit);
    } finally {
      older.delete(channelId);
    }
  };

  /** Loads towards the past until `seq` is there, within reason. */
  const reach = async (channelId: ChannelId, seq: number): Promise<void> => {
    for (let page = 0; page < REACH_PAGES; page++) {
      const { from, complete } = timelineOf(channelId) ?? emptyTimeline;
      if (from === null || complete || from <= seq) return;
      await loadOlder(channelId, REFILL_PAGE);
    }
  };

  const stop = (): void => {
    clearTimeout(gapTimer);
    gapTimer = undefined;
  };

  return { open, refresh, loadOlder, reach, watchGaps, stop };
};

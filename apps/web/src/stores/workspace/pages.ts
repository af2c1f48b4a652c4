import type { MessagePage } from '#contracts';
import type { Timeline, WorkspaceState } from './state.js';
import { applyPage as mergePage, beginFetch, emptyTimeline, endFetch } from './timeline.js';
import type { PageRequest } from './timeline.js';

const set = (state: WorkspaceState, channelId: string, timeline: Timeline): WorkspaceState => ({
  ...state,
  timelines: { ...state.timelines, [channelId]: timeline },
});

/** Call before each history request; `applyPage` or `failPage` ends it. */
export const beginPage = (state: WorkspaceState, channelId: string): WorkspaceState =>
  set(state, channelId, beginFetch(state.timelines[channelId] ?? emptyTimeline));

export const failPage = (state: WorkspaceState, channelId: string): WorkspaceState => {
  const timeline = state.timelines[channelId];
  return timeline ? set(state, channelId, endFetch(timeline)) : state;
};

/** A reply for a channel left meanwhile is dropped. */
export const applyPage = (
  state: WorkspaceState,
  channelId: string,
  request: PageRequest,
  page: MessagePage,
): WorkspaceState => {
  const timeline = state.timelines[channelId];
  const my = state.channels[channelId];
  if (!timeline || !my) return state;
  const next = set(state, channelId, mergePage(timeline, request, page.data, page.nextCursor !== null));
  const newest = page.data.at(-1);
  if (!newest) return next;
  const lastSeq = Math.max(my.channel.lastSeq, newest.seq);
  const lastOrdinal = Math.max(my.channel.lastOrdinal, newest.ordinal ?? 0);
  const channel = { ...my.channel, lastSeq, lastOrdinal };
  return { ...next, channels: { ...next.channels, [channelId]: { ...my, channel } } };
};

/** Forgets loaded history except that of `keep`: it is fetched again when its channel is opened. */
export const forgetTimelines = (state: WorkspaceState, keep: string | null): WorkspaceState => ({
  ...state,
  timelines: Object.fromEntries(Object.entries(state.timelines).filter(([id]) => id === keep)),
});

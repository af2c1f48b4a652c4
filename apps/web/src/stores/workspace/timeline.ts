import type { Message } from '#contracts';
import type { Timeline } from './state.js';

export const emptyTimeline: Timeline = { rows: [], from: null, complete: false, fetching: 0 };

export type PageRequest =
  { kind: 'newest' } | { kind: 'before'; seq: number } | { kind: 'after'; seq: number } | { kind: 'replace' };

/** A run of messages that exist but are not loaded: how many, and the seq they come after. */
export type Gap = { after: number; missing: number };

const indexOf = (rows: readonly Message[], seq: number): number => {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as Message).seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
};

const merge = (rows: readonly Message[], incoming: readonly Message[]): readonly Message[] => {
  const next = [...rows];
  for (const message of incoming) {
    const at = indexOf(next, message.seq);
    const current = next[at];
    if (current?.seq !== message.seq) next.splice(at, 0, message);
    else if (message.version >= current.version) next[at] = message;
  }
  return next;
};

const prune = (timeline: Timeline): Timeline => {
  if (timeline.fetching > 0) return timeline;
  const { from, rows } = timeline;
  const kept = from === null ? [] : rows.slice(indexOf(rows, from));
  return kept.length === rows.length ? timeline : { ...timeline, rows: kept };
};

export const upsert = (timeline: Timeline, message: Message): Timeline => {
  const wanted = timeline.fetching > 0 || (timeline.from !== null && message.seq >= timeline.from);
  return wanted ? { ...timeline, rows: merge(timeline.rows, [message]) } : timeline;
};

export const beginFetch = (timeline: Timeline): Timeline => ({
  ...timeline,
  fetching: timeline.fetching + 1,
});

export const endFetch = (timeline: Timeline): Timeline =>
  prune({ ...timeline, fetching: Math.max(0, timeline.fetching - 1) });

const startAfter = (timeline: Timeline, request: PageRequest, start: number): number | null => {
  const { from } = timeline;
  switch (request.kind) {
    case 'replace':
      return start;
    case 'newest':
      return from === null ? start : Math.min(from, start);
    case 'before':
      // A page that does not touch what is loaded (the timeline was replaced meanwhile) moves nothing.
      return from === null || request.seq < from ? from : Math.min(from, start);
    case 'after':
      return from;
  }
};

/** Merges the reply to `request` and ends that request. `older` tells whether history goes on before it. */
export const applyPage = (
  timeline: Timeline,
  request: PageRequest,
  page: readonly Message[],
  older: boolean,
): Timeline => {
  const start = page[0]?.seq ?? (request.kind === 'before' ? request.seq : 1);
  const rows = merge(timeline.rows, page);
  const from = startAfter(timeline, request, start);
  const complete = request.kind === 'after' || from !== start ? timeline.complete : !older;
  return endFetch({ ...timeline, rows, from, complete });
};

/** What is shown: the rows of the loaded history. */
export const visibleRows = (timeline: Timeline | undefined): readonly Message[] => {
  if (!timeline || timeline.from === null) return [];
  const at = indexOf(timeline.rows, timeline.from);
  return at === 0 ? timeline.rows : timeline.rows.slice(at);
};

/** Holes inside the loaded history and between it and the newest message that the channel shows. */
export const gapsOf = (timeline: Timeline | undefined, lastOrdinal: number): Gap[] => {
  if (!timeline || timeline.from === null) return [];
  const gaps: Gap[] = [];
  const rows = visibleRows(timeline);
  let next = (timeline.complete ? undefined : rows[0]?.ordinal) ?? 1;
  let after = timeline.from - 1;
  for (const { ordinal = 0, seq } of rows) {
    if (ordinal > next) gaps.push({ after, missing: ordinal - next });
    next = ordinal + 1;
    after = seq;
  }
  if (lastOrdinal >= next) gaps.push({ after, missing: lastOrdinal - next + 1 });
  return gaps;
};

import type { Message } from './http/messages.js';
import { THREAD_WINDOW, type ThreadMembership } from './http/threads.js';
import { calls, type Reader } from './read-state.js';

/** Whoever neither follows a thread nor has said that they don't. */
export const noThreadMembership = ({
  threadId,
  channelId,
}: Pick<ThreadMembership, 'threadId' | 'channelId'>): ThreadMembership => ({
  threadId,
  channelId,
  following: false,
  level: 'default',
  lastReadSeq: 0,
  version: 0,
  movedAtSeq: 0,
  unreadSeqs: [],
  removedSeqs: [],
  mentionSeqs: [],
});

const ascending = (seqs: Iterable<number>): number[] => [...new Set(seqs)].sort((a, b) => a - b);
const without = (seqs: readonly number[], seq: number) => seqs.filter((other) => other !== seq);

const readUpTo = (state: ThreadMembership, seq: number): ThreadMembership => ({
  ...state,
  lastReadSeq: seq,
  unreadSeqs: state.unreadSeqs.filter((other) => other > seq),
  removedSeqs: state.removedSeqs.filter((other) => other > seq),
  mentionSeqs: state.mentionSeqs.filter((other) => other > seq),
});

/** Replying is following, and whoever replies has read everything before. */
const isMyNews = (state: ThreadMembership, reply: Message, reader: Reader): boolean =>
  reply.senderId === reader.userId && reply.seq > Math.max(state.movedAtSeq, state.lastReadSeq);

/** Whether a reply makes somebody follow a thread who has not decided: its author, or who is called by name. */
const concerns = (reply: Message, rootSenderId: string, { userId }: Reader): boolean =>
  reply.senderId !== userId &&
  (rootSenderId === userId ||
    (reply.mentions ?? []).some((mention) => mention.kind === 'user' && mention.id === userId));

/** What a reply in its newest version does to the membership of somebody who follows the thread. */
export const heardReply = (state: ThreadMembership, reply: Message, reader: Reader): ThreadMembership => {
  if (!state.following || reply.threadId !== state.threadId) return state;
  if (isMyNews(state, reply, reader)) return readUpTo(state, reply.seq);
  if (reply.seq <= state.lastReadSeq) return state;
  if (reply.deletedAt !== null)
    return {
      ...state,
      unreadSeqs: without(state.unreadSeqs, reply.seq),
      removedSeqs: ascending([...state.removedSeqs, reply.seq]),
      mentionSeqs: without(state.mentionSeqs, reply.seq),
    };
  if (state.removedSeqs.includes(reply.seq)) return state;
  return {
    ...state,
    unreadSeqs: ascending([...state.unreadSeqs, reply.seq]),
    mentionSeqs: calls(reply, reader)
      ? ascending([...state.mentionSeqs, reply.seq])
      : without(state.mentionSeqs, reply.seq),
  };
};

/**
 * The same for a reply that was just sent (`message.created`), which may also make the reader follow. The
 * server sends no event for that: it is what this function says.
 */
export const heardNewReply = (
  state: ThreadMembership,
  reply: Message,
  rootSenderId: string,
  reader: Reader,
): ThreadMembership => {
  if (reply.threadId !== state.threadId) return state;
  if (!state.following && isMyNews(state, reply, reader))
    return { ...readUpTo(state, reply.seq), following: true };
  const undecided = !state.following && state.version === 0;
  if (undecided && concerns(reply, rootSenderId, reader))
    return heardReply({ ...state, following: true, lastReadSeq: reply.seq - 1 }, reply, reader);
  return heardReply(state, reply, reader);
};

/** The membership as the reader changed it; a version that is known already changes nothing. */
export const moveThread = (state: ThreadMembership, changed: ThreadMembership): ThreadMembership => {
  if (changed.version <= state.version) return state;
  // A reply of one's own came first although it was sent later.
  const replied = state.following && state.lastReadSeq > changed.movedAtSeq;
  if (!changed.following && !replied) return changed;
  const removedSeqs = ascending([...state.removedSeqs, ...changed.removedSeqs]);
  const standing = (seqs: number[]) => ascending(seqs).filter((seq) => !removedSeqs.includes(seq));
  const merged = {
    ...changed,
    following: true,
    removedSeqs,
    unreadSeqs: standing([...state.unreadSeqs, ...changed.unreadSeqs]),
    mentionSeqs: standing([...state.mentionSeqs, ...changed.mentionSeqs]),
  };
  return readUpTo(merged, replied ? state.lastReadSeq : changed.lastReadSeq);
};

/** As the server presents it: live replies may add to what its window holds. */
export const boundedThread = (state: ThreadMembership): ThreadMembership => {
  const window = ascending([...state.unreadSeqs, ...state.removedSeqs]).slice(0, THREAD_WINDOW);
  const last = window.at(-1) ?? 0;
  return {
    ...state,
    unreadSeqs: state.unreadSeqs.filter((seq) => seq <= last),
    removedSeqs: state.removedSeqs.filter((seq) => seq <= last),
  };
};

/** The badge of a thread; `more` if there may be more than `unread`. */
export const threadBadge = (
  state: ThreadMembership,
): { unread: number; mentions: number; more: boolean } => ({
  unread: boundedThread(state).unreadSeqs.length,
  mentions: state.mentionSeqs.length,
  more: state.unreadSeqs.length + state.removedSeqs.length >= THREAD_WINDOW,
});

import type { MyChannel, ReadState } from './http/channels.js';
import type { Message } from './http/messages.js';

/** A reader: the person, and the groups they are in. */
export type Reader = { userId: string; groupIds: readonly string[] };
export type Badge = ReadState & { lastOrdinal: number };

/** Messages that the channel shows after the cursor and that still stand. */
export const unreadOf = ({ lastOrdinal, lastReadOrdinal, removedSeqs }: Badge): number =>
  Math.max(0, lastOrdinal - lastReadOrdinal - removedSeqs.length);

export const unreadIn = (my: MyChannel): number => unreadOf({ ...my, lastOrdinal: my.channel.lastOrdinal });

/** Whether a message calls the reader. Nobody calls themselves. */
export const calls = (message: Message, reader: Reader): boolean =>
  message.senderId !== reader.userId &&
  (message.mentions ?? []).some((mention) =>
    mention.kind === 'user'
      ? mention.id === reader.userId
      : mention.kind === 'group'
        ? reader.groupIds.includes(mention.id)
        : true,
  );

const including = (seqs: readonly number[], seq: number) =>
  seqs.includes(seq) ? [...seqs] : [...seqs, seq].sort((a, b) => a - b);
const excluding = (seqs: readonly number[], seq: number) => seqs.filter((other) => other !== seq);

/**
 * What a message in its newest version does to the reader's badge. Only facts that never turn back are
 * kept (the highest ordinal, the set of what was removed), so events may come twice or out of order.
 */
export const readMessage = <State extends Badge>(state: State, message: Message, reader: Reader): State => {
  if (message.ordinal === undefined) return state;
  const next = { ...state, lastOrdinal: Math.max(state.lastOrdinal, message.ordinal) };
  // Whoever writes has read everything before.
  // A copy that came by moving starts with a higher version.
  const sentNow = message.senderId === reader.userId && message.version === 1;
  if (sentNow && message.seq > Math.max(next.movedAtSeq, next.lastReadSeq))
    return readUpTo(next, message.seq, message.ordinal);
  if (message.seq <= next.lastReadSeq) return next;
  if (message.deletedAt !== null)
    return {
      ...next,
      removedSeqs: including(next.removedSeqs, message.seq),
      mentionSeqs: excluding(next.mentionSeqs, message.seq),
    };
  const mentionSeqs =
    calls(message, reader) && !next.removedSeqs.includes(message.seq)
      ? including(next.mentionSeqs, message.seq)
      : excluding(next.mentionSeqs, message.seq);
  return { ...next, mentionSeqs };
};

/** The cursor at this message, as a reader's own screen has it before the server does. */
export const readUpTo = <State extends Badge>(state: State, seq: number, ordinal: number): State => ({
  ...state,
  lastReadSeq: seq,
  lastReadOrdinal: ordinal,
  removedSeqs: state.removedSeqs.filter((removed) => removed > seq),
  mentionSeqs: state.mentionSeqs.filter((mention) => mention > seq),
});

/** The cursor as the reader moved it; a version that is known already changes nothing. */
export const moveCursor = <State extends Badge>(state: State, cursor: ReadState): State => {
  if (cursor.cursorVersion <= state.cursorVersion) return state;
  const union = (a: readonly number[], b: readonly number[]) =>
    [...new Set([...a, ...b])].sort((x, y) => x - y);
  const removedSeqs = union(state.removedSeqs, cursor.removedSeqs);
  const mentionSeqs = union(state.mentionSeqs, cursor.mentionSeqs).filter(
    (seq) => !removedSeqs.includes(seq),
  );
  const { cursorVersion, movedAtSeq } = cursor;
  const next = { ...state, cursorVersion, movedAtSeq, removedSeqs, mentionSeqs };
  // One's own message came first although it was sent later.
  const mine = state.lastReadSeq > movedAtSeq;
  return mine
    ? readUpTo(next, state.lastReadSeq, state.lastReadOrdinal)
    : readUpTo(next, cursor.lastReadSeq, cursor.lastReadOrdinal);
};

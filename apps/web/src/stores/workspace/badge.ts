import { moveCursor, readMessage, readUpTo, type Badge, type Message, type MyChannel } from '#contracts';
import type { ReadState } from '#contracts';

/** A channel's badge is computed by the contracts; here it is taken out of the channel and put back. */
const inBadge = (my: MyChannel, step: (badge: MyChannel & Badge) => MyChannel & Badge): MyChannel => {
  const { lastOrdinal, ...rest } = step({ ...my, lastOrdinal: my.channel.lastOrdinal });
  return { ...rest, channel: { ...rest.channel, lastOrdinal } };
};

export const withMessage = (my: MyChannel, message: Message, userId: string): MyChannel => {
  const lastSeq = Math.max(my.channel.lastSeq, message.seq);
  const seen = { ...my, channel: { ...my.channel, lastSeq } };
  return inBadge(seen, (badge) => readMessage(badge, message, { userId, groupIds: [] }));
};

export const withCursor = (my: MyChannel, cursor: ReadState): MyChannel =>
  inBadge(my, (badge) => moveCursor(badge, cursor));

/** Read up to the newest message that is known here. */
export const withAllRead = (my: MyChannel): MyChannel =>
  my.lastReadSeq >= my.channel.lastSeq
    ? my
    : inBadge(my, (badge) => readUpTo(badge, my.channel.lastSeq, my.channel.lastOrdinal));

/** Two states of a channel, whichever is newer in what; the second comes from the server. */
export const merged = (known: MyChannel, my: MyChannel): MyChannel => {
  const channel = {
    ...(my.channel.version >= known.channel.version ? my.channel : known.channel),
    lastSeq: Math.max(known.channel.lastSeq, my.channel.lastSeq),
    lastOrdinal: Math.max(known.channel.lastOrdinal, my.channel.lastOrdinal),
  };
  const { lastReadSeq, lastReadOrdinal, cursorVersion, movedAtSeq, removedSeqs, mentionSeqs } = known;
  const read = { lastReadSeq, lastReadOrdinal, cursorVersion, movedAtSeq, removedSeqs, mentionSeqs };
  return withCursor({ ...my, ...read, channel }, my);
};

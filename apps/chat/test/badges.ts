import {
  boundedThread,
  calls,
  heardNewReply,
  heardReply,
  moveCursor,
  moveThread,
  noThreadMembership,
  readMessage,
  unreadOf,
  type Bootstrap,
  type Message,
  type MyChannel,
  type ParleyEvent,
  type ReadState,
  type ThreadMembership,
} from '#contracts';

export type Badge = { unread: number; mentions: number };
type Channel = ReadState & { lastOrdinal: number };

/** What one device knows of what its owner has read, from the events that reach it. */
export class Device {
  private readonly channels = new Map<string, Channel>();
  private readonly threads = new Map<string, ThreadMembership>();
  private readonly versions = new Map<string, number>();
  private readonly roots = new Map<string, Message>();
  private readonly reader: { userId: string; groupIds: string[] };

  constructor(userId: string, start: Pick<Bootstrap, 'channels'>) {
    this.reader = { userId, groupIds: [] };
    for (const my of start.channels)
      this.enter(my.channel.id, { ...my, lastOrdinal: my.channel.lastOrdinal });
  }

  get badges(): Record<string, Badge> {
    const some = [...this.channels].filter(([, state]) => unreadOf(state) > 0);
    return Object.fromEntries(
      some.map(([id, state]) => [id, { unread: unreadOf(state), mentions: state.mentionSeqs.length }]),
    );
  }

  get followed(): ThreadMembership[] {
    const followed = [...this.threads.values()].filter((thread) => thread.following);
    return followed.map(boundedThread).sort((a, b) => (a.threadId < b.threadId ? -1 : 1));
  }

  hear(event: ParleyEvent): void {
    const { type, data } = event;
    if (type === 'member.joined') this.joined(data);
    else if (type === 'member.left' && data.userId === this.reader.userId) this.leave(event.channelId ?? '');
    else if ('message' in data && this.channels.has(data.message.channelId))
      this.hearMessage(data.message, type === 'message.created');
    else if (event.actorId === this.reader.userId) this.hearMine(event);
  }

  private joined({ user, channel, lastReadSeq }: (ParleyEvent & { type: 'member.joined' })['data']): void {
    if (user.id !== this.reader.userId || !channel || lastReadSeq === null) return;
    this.enter(channel.id, {
      lastReadSeq,
      lastReadOrdinal: channel.lastOrdinal,
      lastOrdinal: channel.lastOrdinal,
      movedAtSeq: lastReadSeq,
      cursorVersion: 0,
      removedSeqs: [],
      mentionSeqs: [],
    });
  }

  private hearMessage(message: Message, isNew: boolean): void {
    if ((this.versions.get(message.id) ?? 0) >= message.version) return;
    this.versions.set(message.id, message.version);
    const channel = this.channels.get(message.channelId) as Channel;
    this.channels.set(message.channelId, readMessage(channel, message, this.reader));
    if (!message.threadId) {
      this.roots.set(message.id, message);
      // A thread that nobody replied in goes with its root.
      if (message.deletedAt !== null && !message.thread) this.threads.delete(message.id);
      return;
    }
    const { threadId, channelId } = message;
    const thread = this.threads.get(threadId) ?? noThreadMembership({ threadId, channelId });
    const rootSenderId = this.roots.get(threadId)?.senderId ?? '';
    const next = isNew
      ? heardNewReply(thread, message, rootSenderId, this.reader)
      : heardReply(thread, message, this.reader);
    this.threads.set(threadId, next);
  }

  private hearMine(event: ParleyEvent): void {
    if (event.type === 'read_cursor.updated') this.moveTo(event.data);
    if (event.type === 'read_cursors.updated') for (const cursor of event.data.cursors) this.moveTo(cursor);
    const memberships =
      event.type === 'thread.followed'
        ? [event.data.membership]
        : event.type === 'threads.read'
          ? event.data.memberships
          : [];
    for (const membership of memberships)
      this.threads.set(
        membership.threadId,
        moveThread(this.threads.get(membership.threadId) ?? noThreadMembership(membership), membership),
      );
  }

  private moveTo(cursor: ReadState & { channelId: string }): void {
    const channel = this.channels.get(cursor.channelId);
    if (channel) this.channels.set(cursor.channelId, moveCursor(channel, cursor));
  }

  private enter(channelId: string, state: Channel): void {
    const { lastReadSeq, lastReadOrdinal, lastOrdinal, movedAtSeq, cursorVersion } = state;
    const { removedSeqs, mentionSeqs } = state;
    this.channels.set(channelId, {
      ...{ lastReadSeq, lastReadOrdinal, lastOrdinal, movedAtSeq, cursorVersion, removedSeqs, mentionSeqs },
    });
  }

  private leave(channelId: string): void {
    this.channels.delete(channelId);
    for (const [id, thread] of this.threads) if (thread.channelId === channelId) this.threads.delete(id);
  }
}

/** The badge of a channel as anyone would count it who reads all of it. */
export const recount = (my: MyChannel, shown: readonly Message[], userId: string): Badge => {
  const unread = shown.filter((message) => message.seq > my.lastReadSeq && message.deletedAt === null);
  const reader = { userId, groupIds: [] };
  return { unread: unread.length, mentions: unread.filter((message) => calls(message, reader)).length };
};

/** The same of a thread that is followed. */
export const recountThread = (
  { lastReadSeq }: ThreadMembership,
  replies: readonly Message[],
  userId: string,
): { unreadSeqs: number[]; removedSeqs: number[]; mentionSeqs: number[] } => {
  const after = replies.filter((reply) => reply.seq > lastReadSeq);
  const standing = after.filter((reply) => reply.deletedAt === null);
  const seqs = (some: readonly Message[]) => some.map((reply) => reply.seq);
  return {
    unreadSeqs: seqs(standing),
    removedSeqs: seqs(after.filter((reply) => reply.deletedAt !== null)),
    mentionSeqs: seqs(standing.filter((reply) => calls(reply, { userId, groupIds: [] }))),
  };
};

import {
  heardNewReply,
  heardReply,
  moveThread,
  noThreadMembership,
  readMessage,
  type EventType,
  type Message,
  type Reader,
  type ThreadMembership,
  type ThreadSummary,
} from '#contracts';
import type { Handlers } from './handlers.js';
import { drop, groupIdsOf, put, type View } from './view.js';

const reader = (view: View): Reader => ({ userId: view.me.id, groupIds: groupIdsOf(view) });

/** Badge and counters of the channel. */
const count = (view: View, message: Message): View => {
  const my = view.channels[message.channelId];
  if (!my) return view;
  const lastSeq = Math.max(my.channel.lastSeq, message.seq);
  const { lastOrdinal, ...rest } = readMessage(
    { ...my, lastOrdinal: my.channel.lastOrdinal },
    message,
    reader(view),
  );
  const channel = { ...rest.channel, lastSeq, lastOrdinal };
  return { ...view, channels: put(view.channels, channel.id, { ...rest, channel }) };
};

const newerSummary = (a: ThreadSummary | undefined, b: ThreadSummary | undefined) =>
  (a?.version ?? 0) > (b?.version ?? 0) ? a : b;

/** The newer version of the message, with the newer summary of its thread. */
const store = (view: View, message: Message): View => {
  if (!view.opened.includes(message.channelId)) return view;
  const known = view.messages[message.id];
  const { thread: _, ...newer } = known && known.version > message.version ? known : message;
  // A newer version without a thread has lost its last reply, or went elsewhere with all of them.
  const lost = known && message.version > known.version && !message.thread;
  const thread = lost ? undefined : newerSummary(known?.thread, message.thread);
  return { ...view, messages: put(view.messages, message.id, { ...newer, ...(thread ? { thread } : {}) }) };
};

const sumUp = (view: View, rootId: string, thread: ThreadSummary): View => {
  const root = view.messages[rootId];
  const newer = newerSummary(root?.thread, thread);
  return root && newer ? { ...view, messages: put(view.messages, rootId, { ...root, thread: newer }) } : view;
};

const standing = (
  view: View,
  message: Message,
  hear: (membership: ThreadMembership, threadId: string) => ThreadMembership,
): View => {
  const { threadId, channelId } = message;
  if (threadId === undefined) return view;
  const before = view.threads[threadId] ?? noThreadMembership({ threadId, channelId });
  const after = hear(before, threadId);
  if (after === before || (!view.threads[threadId] && !after.following)) return view;
  return { ...view, threads: put(view.threads, threadId, after) };
};

const created = (view: View, message: Message, thread: ThreadSummary | undefined): View => {
  const heard = standing(view, message, (membership, threadId) =>
    heardNewReply(membership, message, view.messages[threadId]?.senderId ?? '', reader(view)),
  );
  const stored = store(count(heard, message), message);
  return message.threadId && thread ? sumUp(stored, message.threadId, thread) : stored;
};

/** A thread that moved away is another one where it went; one without replies goes with its root. */
const ended = (view: View, message: Message): View =>
  message.movedTo || (message.deletedAt !== null && !message.thread)
    ? { ...view, threads: drop(view.threads, message.id) }
    : view;

const changed = (view: View, message: Message): View => {
  const heard = standing(view, message, (membership) => heardReply(membership, message, reader(view)));
  return store(count(ended(heard, message), message), message);
};

const stand = (view: View, membership: ThreadMembership): View => {
  const { threadId } = membership;
  const before = view.threads[threadId] ?? noThreadMembership(membership);
  return { ...view, threads: put(view.threads, threadId, moveThread(before, membership)) };
};

export const messageEvents = {
  'message.created': (view, { data }) => created(view, data.message, data.thread),
  'message.updated': (view, { data }) => changed(view, data.message),
  'message.deleted': (view, { data }) => changed(view, data.message),
  'reaction.added': (view, { data }) => changed(view, data.message),
  'reaction.removed': (view, { data }) => changed(view, data.message),
  'thread.followed': (view, { data }) => stand(view, data.membership),
  'threads.read': (view, { data }) => data.memberships.reduce(stand, view),
} satisfies Partial<Handlers<EventType>>;

import type { OperationId } from '#contracts';
import type { Action } from './action.js';
import type { World } from './world.js';

const poll = (w: World) => w.say(w.ada, '', { poll: { question: 'When?', options: ['now', 'later'] } });
/** A thread of Ada's in which Bob replied. */
const thread = async (w: World) => {
  const root = await w.say(w.ada, 'root');
  await w.say(w.bob, 'reply', { threadId: root.id });
  return root;
};

export const messageActions: Partial<Record<OperationId, Action>> = {
  sendMessage: async (w) => async () => {
    const root = await w.say(w.ada, `hello <@${w.bob.id}>`);
    await w.say(w.gus, `<@${w.bob.id}> and <@${w.ada.id}>`, { threadId: root.id });
    await w.say(w.bob, 'in both places', { threadId: root.id, alsoInChannel: true });
    await w.say(w.bob, '@channel', { forwardOf: root.id });
  },
  editMessage: async (w) => {
    const { id } = await w.say(w.ada, `<@${w.bob.id}>`);
    return () => w.do(w.ada, `PATCH /messages/${id}`, { text: `<@${w.gus.id}> instead` });
  },
  deleteMessage: async (w) => {
    const root = await thread(w);
    const reply = await w.say(w.gus, `<@${w.bob.id}>`, { threadId: root.id });
    const called = await w.say(w.ada, `<@${w.bob.id}>`);
    const other = await w.say(w.ada, 'one reply');
    const last = await w.say(w.bob, 'the last', { threadId: other.id });
    return async () => {
      await w.do(w.bob, `DELETE /messages/${last.id}`);
      await w.do(w.gus, `DELETE /messages/${reply.id}`);
      await w.do(w.ada, `DELETE /messages/${called.id}`);
    };
  },
  moveMessage: async (w) => {
    const root = await thread(w);
    return () => w.do(w.ada, `POST /messages/${root.id}/move`, { channelId: w.directId });
  },
  markUnread: async (w) => {
    const { seq } = await w.say(w.ada, 'read me again');
    return () => w.do(w.ada, 'POST /C/mark-unread', { seq });
  },
  moveReadCursor: async (w) => {
    const { seq } = await w.say(w.ada, `<@${w.bob.id}>`);
    return () => w.do(w.bob, 'PUT /C/read-cursor', { seq });
  },
  markAllRead: async (w) => {
    await w.say(w.ada, '@here');
    await w.say(w.ada, 'you there?', {}, w.directId);
    return () => w.do(w.bob, 'POST /W/mark-all-read');
  },
  followThread: async (w) => {
    const root = await thread(w);
    return () => w.do(w.gus, `PUT /messages/${root.id}/follow`);
  },
  unfollowThread: async (w) => {
    const root = await thread(w);
    return () => w.do(w.ada, `DELETE /messages/${root.id}/follow`);
  },
  setThreadPreferences: async (w) => {
    const root = await thread(w);
    return () => w.do(w.ada, `PUT /messages/${root.id}/thread-preferences`, { level: 'none' });
  },
  moveThreadCursor: async (w) => {
    const root = await thread(w);
    return () => w.do(w.ada, `PUT /messages/${root.id}/thread-read-cursor`, { seq: root.seq + 1 });
  },
  markThreadUnread: async (w) => {
    const root = await thread(w);
    return () => w.do(w.bob, `POST /messages/${root.id}/thread-mark-unread`, { seq: root.seq + 1 });
  },
  markThreadsRead: async (w) => {
    await thread(w);
    await thread(w);
    return () => w.do(w.ada, 'POST /W/threads/mark-all-read');
  },
  pinMessage: async (w) => {
    const { id } = await w.say(w.bob, 'pin me');
    return () => w.do(w.bob, `PUT /messages/${id}/pin`);
  },
  unpinMessage: async (w) => {
    const { id } = await w.say(w.bob, 'unpin me');
    await w.do(w.bob, `PUT /messages/${id}/pin`);
    return () => w.do(w.ada, `DELETE /messages/${id}/pin`);
  },
  addReaction: async (w) => {
    const root = await thread(w);
    return async () => {
      await w.do(w.gus, `PUT /messages/${root.id}/reactions/${encodeURIComponent('👍')}`);
      await w.do(w.bob, `PUT /messages/${root.id}/reactions/${encodeURIComponent('👍')}`);
    };
  },
  removeReaction: async (w) => {
    const { id } = await w.say(w.ada, 'like it?');
    const reaction = `/messages/${id}/reactions/${encodeURIComponent('🎉')}`;
    await w.do(w.bob, `PUT ${reaction}`);
    return () => w.do(w.bob, `DELETE ${reaction}`);
  },
  vote: async (w) => {
    const message = await poll(w);
    const [first] = message.poll?.options ?? [];
    return () => w.do(w.gus, `PUT /messages/${message.id}/vote`, { optionIds: [first?.id] });
  },
  closePoll: async (w) => {
    const { id } = await poll(w);
    return () => w.do(w.ada, `POST /messages/${id}/close-poll`);
  },
};

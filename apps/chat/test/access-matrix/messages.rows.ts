import { randomUUID } from 'node:crypto';
import { newId } from '#testing';
import type { CallerKind } from '#contracts';
import type { Rows } from './row.js';
import type { World } from './world.js';

const workspace = ({ w }: World) => ({ params: { workspaceId: w } });
const room = ({ c }: World) => ({ params: { channelId: c } });
const message = async (world: World) => ({ params: { messageId: (await world.message()).id } });
const thread = async (world: World, caller: CallerKind) => ({
  params: { messageId: (await world.thread(caller)).id },
});
const prepared = async (world: World, caller: CallerKind, route: string, body?: unknown) => {
  const request = await message(world);
  await world.do(world.insider(caller), route.replace(':m', request.params.messageId), body);
  return request;
};
const pollOfOwner = (world: World) =>
  world.message(world.owner, { poll: { question: 'Lunch?', options: ['Soup', 'Salad'] } });

export const messageRows = {
  sendMessage: (world) => ({ ...room(world), body: { clientMessageId: randomUUID(), text: 'Good morning' } }),
  listMessages: room,
  getMessage: message,
  editMessage: async (world) => ({ ...(await message(world)), body: { text: 'Good evening' } }),
  listWordings: message,
  listReplies: thread,
  deleteMessage: message,
  moveMessage: async (world) => ({ ...(await message(world)), body: { channelId: world.elsewhere } }),
  removeLinkPreview: async (world) => {
    const { id } = await world.message(world.people.member);
    await world.sql(
      `INSERT INTO chat.link_previews (message_id, position, url, preview) VALUES ($1, 0, $2, $3)`,
      [id, 'https://example.org/', JSON.stringify({ url: 'https://example.org/', title: 'Example' })],
    );
    return { params: { messageId: id, position: '0' } };
  },
  search: (world) => ({ ...workspace(world), query: { q: 'morning' } }),

  markUnread: async (world) => ({ ...room(world), body: { seq: (await world.message()).seq } }),
  moveReadCursor: async (world) => ({ ...room(world), body: { seq: (await world.message()).seq } }),
  getUnread: workspace,
  markAllRead: workspace,
  listActivity: workspace,
  moveActivityCursor: (world) => ({ ...workspace(world), body: { id: newId.message() } }),
  listReceipts: message,

  getThreadMembership: thread,
  followThread: message,
  unfollowThread: thread,
  setThreadPreferences: async (world, caller) => ({
    ...(await thread(world, caller)),
    body: { level: 'all' },
  }),
  moveThreadCursor: async (world, caller) => {
    const { id, seq } = await world.thread(caller);
    return { params: { messageId: id }, body: { seq: seq + 1 } };
  },
  markThreadUnread: async (world, caller) => {
    const { id, seq } = await world.thread(caller);
    return { params: { messageId: id }, body: { seq: seq + 1 } };
  },
  listThreads: workspace,
  markThreadsRead: workspace,

  pinMessage: message,
  unpinMessage: async (world) => {
    const request = await message(world);
    await world.do(world.owner, `PUT /messages/${request.params.messageId}/pin`);
    return request;
  },
  listPins: room,
  saveMessage: async (world) => ({ ...(await message(world)), body: {} }),
  unsaveMessage: (world, caller) => prepared(world, caller, 'PUT /messages/:m/saved', {}),
  listSavedItems: workspace,

  addReaction: async (world) => ({ params: { ...(await message(world)).params, emoji: '👍' } }),
  removeReaction: async (world, caller) => {
    const { params } = await prepared(
      world,
      caller,
      `PUT /messages/:m/reactions/${encodeURIComponent('👍')}`,
    );
    return { params: { ...params, emoji: '👍' } };
  },
  listReactions: message,

  vote: async (world) => {
    const { id, poll } = await pollOfOwner(world);
    return { params: { messageId: id }, body: { optionIds: [poll?.options[0]?.id as string] } };
  },
  getMyVote: async (world) => ({ params: { messageId: (await pollOfOwner(world)).id } }),
  listVotes: async (world) => {
    const { id, poll } = await pollOfOwner(world);
    return { params: { messageId: id }, query: { optionId: poll?.options[0]?.id as string } };
  },
  closePoll: async (world) => ({ params: { messageId: (await pollOfOwner(world)).id } }),
} satisfies Partial<Rows>;

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationId } from '#contracts';
import { accepted, operations, requestTo, send, verdictOf, type AnyRequest } from './calls.js';
import { World } from './world.js';

type Exceptions = Partial<Record<OperationId, { verdict: string; because: string }>>;
const fine = (because: string, ...ids: OperationId[]): Exceptions =>
  Object.fromEntries(ids.map((id) => [id, { verdict: 'ok', because }]));

const inArchive: Exceptions = {
  ...fine('it is what an archive is for, or its end', 'archiveChannel', 'unarchiveChannel', 'deleteChannel'),
  ...fine('nobody is kept in it, and reading can be taken from people', 'removeChannelMember'),
  ...fine('who is in already stays in', 'joinChannel'),
  ...fine('it concerns nobody else how one sees it', 'updateChannelPreferences', 'placeChannel'),
  ...fine('it is still read', 'moveReadCursor', 'markUnread', 'moveThreadCursor', 'markThreadUnread'),
  ...fine('threads can still be looked up', 'followThread', 'unfollowThread', 'setThreadPreferences'),
  ...fine('one keeps what one wants to find again', 'saveMessage', 'unsaveMessage'),
  ...fine('it may be taken out of the archive before one is done', 'putDraft', 'deleteDraft'),
};

const toDeleted: Exceptions = {
  ...fine('where it was there is a tombstone', 'getMessage', 'listReactions'),
  ...fine('deleting twice is deleting once', 'deleteMessage'),
  ...fine('the replies stay', 'listReplies', 'getThreadMembership', 'unfollowThread'),
  ...fine('the replies stay', 'setThreadPreferences', 'moveThreadCursor', 'markThreadUnread'),
  ...fine('the list of saved ones is to be emptied', 'unsaveMessage'),
  followThread: { verdict: 'thread.not_found', because: 'without replies there is no thread of it' },
  getMyVote: { verdict: 'poll.not_found', because: 'the poll is gone with the message' },
  listVotes: { verdict: 'poll.not_found', because: 'the poll is gone with the message' },
};

const names = (name: string) => operations.filter(([, { path }]) => path.includes(`:${name}`));
const writes = operations.filter(
  ([, { method, path }]) =>
    method !== 'GET' && /:(channelId|messageId)\b/.test(path) && !path.includes('direct-invitations'),
);

describe('what is over', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  const channelOf = async ({ channelId, messageId }: Record<string, string> = {}) => {
    if (channelId) return channelId;
    const [row] = await world.sql<{ id: string }>(
      'SELECT channel_id AS id FROM chat.messages WHERE id = $1',
      [messageId],
    );
    return row?.id as string;
  };

  it('is the same for every route but for those named here', () => {
    const walked = [...writes, ...names('messageId')].map(([id]) => id);
    expect(walked).toEqual(expect.arrayContaining([...Object.keys(inArchive), ...Object.keys(toDeleted)]));
  });

  it.each(writes)('%s in an archived channel', async (id, route) => {
    const caller = accepted(route);
    const request: AnyRequest = await requestTo(world, id, caller);
    const channelId = await channelOf(request.params);
    await world.do(world.owner, `POST /channels/${channelId}/archive`);
    const reply = await send(world, route, request, caller);
    await world.chat.call(`POST /channels/${channelId}/unarchive`, { token: world.owner.token });
    expect(verdictOf(reply)).toBe(inArchive[id as OperationId]?.verdict ?? 'channel.archived');
  });

  it.each(names('messageId'))('%s of a deleted message', async (id, route) => {
    const caller = accepted(route);
    const request: AnyRequest = await requestTo(world, id, caller);
    await world.do(world.owner, `DELETE /messages/${request.params?.['messageId']}`);
    const verdict = verdictOf(await send(world, route, request, caller));
    const exception = toDeleted[id as OperationId];
    expect(exception ? [exception.verdict] : ['message.deleted', 'message.not_found']).toContain(verdict);
  });
});

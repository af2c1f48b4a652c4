import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Draft, Page } from '#contracts';
import { Database } from '#db';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('drafts', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    workspaceId = (await chat.workspace(ada)).id;
    await chat.invite(ada, workspaceId, bob);
  });
  beforeEach(async () => {
    channelId = await chat.channel(ada, workspaceId);
  });
  afterAll(() => chat.stop());

  const put = (text: unknown, { by = ada, in: channel = channelId, thread = '' } = {}) =>
    chat.call<Draft>(`PUT /channels/${channel}/draft${thread}`, { body: { text }, token: by.token });
  const drop = (thread = '', by = ada) =>
    chat.call(`DELETE /channels/${channelId}/draft${thread}`, { token: by.token });
  const list = async (query = '', by = ada) =>
    (await chat.call<Page<Draft>>(`GET /workspaces/${workspaceId}/drafts${query}`, { token: by.token })).body;
  const here = async (by = ada) => (await list('', by)).data.filter((draft) => draft.channelId === channelId);
  /** What happened to drafts in the channel, as its author's devices learn it. */
  const told = async () => {
    const events = await chat.events(workspaceId);
    return events.filter(
      (event) =>
        event.channelId === channelId && (event.type === 'draft.updated' || event.type === 'draft.deleted'),
    );
  };

  it('are kept for all devices, each change as the next version', async () => {
    const first = await put('I was about');
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      workspaceId,
      channelId,
      threadId: null,
      text: 'I was about',
      version: 1,
    });
    const second = await put('I was about to say');
    expect(second.body).toMatchObject({ id: first.body.id, text: 'I was about to say', version: 2 });
    expect(await here()).toEqual([second.body]);
    await eventually(async () =>
      expect((await told()).map(({ type, data, actorId }) => ({ type, data, actorId }))).toEqual([
        { type: 'draft.updated', data: { draft: first.body }, actorId: ada.id },
        { type: 'draft.updated', data: { draft: second.body }, actorId: ada.id },
      ]),
    );
  });

  it('do not change, and tell nobody, when the same text is put again', async () => {
    const first = await put('the same');
    const again = await put('the same');
    expect(again.body).toEqual(first.body);
    await put('another');
    await eventually(async () => expect(await told()).toHaveLength(2));
  });

  it('go when they are deleted, once', async () => {
    const { body } = await put('never mind');
    expect((await drop()).status).toBe(204);
    expect((await drop()).status).toBe(204);
    expect(await here()).toEqual([]);
    await eventually(async () =>
      expect((await told()).map(({ type, data }) => ({ type, data }))).toEqual([
        { type: 'draft.updated', data: { draft: body } },
        { type: 'draft.deleted', data: { draftId: body.id, channelId, threadId: null } },
      ]),
    );
    expect((await put('something else')).body.id).not.toBe(body.id);
  });

  it('are one in the channel and one in each of its threads', async () => {
    const root = (await chat.send(ada, channelId, 'a question')).body.id;
    const inChannel = await put('to all');
    const inThread = await put('to the question', { thread: `?threadId=${root}` });
    expect(inThread.body).toMatchObject({ threadId: root, version: 1 });
    expect(await here()).toEqual([inThread.body, inChannel.body]);
    await drop(`?threadId=${root}`);
    expect(await here()).toEqual([inChannel.body]);
  });

  it('are refused for threads that the channel does not have', async () => {
    const elsewhere = await chat.channel(ada, workspaceId);
    const root = (await chat.send(ada, elsewhere, 'a question')).body.id;
    for (const id of [root, '019bc0a1-7c00-7a10-8000-00000000d0ff']) {
      const reply = await put('to nobody', { thread: `?threadId=${id}` });
      expect(reply.status).toBe(404);
      expect(reply.body.code).toBe('thread.not_found');
      expect(reply.body.errors?.[0]?.pointer).toBe('/query/threadId');
    }
  });

  it('are seen and changed by their author only', async () => {
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
    await put("Ada's own");
    expect(await here(bob)).toEqual([]);
    await put("Bob's own", { by: bob });
    await drop('', bob);
    expect((await here()).map(({ text }) => text)).toEqual(["Ada's own"]);
  });

  it('end in one draft when two devices begin at once', async () => {
    const texts = Array.from({ length: 8 }, (_, index) => `begun on device ${index}`);
    const replies = await Promise.all(texts.map((text) => put(text)));
    expect(replies.map(({ status }) => status)).toEqual(texts.map(() => 200));
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect(replies.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const last = replies.find(({ body }) => body.version === 8);
    expect(await here()).toEqual([last?.body]);
  });

  it('are left alone by a device that knows an older one and says so', async () => {
    const first = await put('begun');
    expect(first.headers['etag']).toBe('"1"');
    const ifMatch = (tag: string, text: string) =>
      chat.call<Draft>(`PUT /channels/${channelId}/draft`, {
        body: { text },
        token: ada.token,
        headers: { 'if-match': tag },
      });
    expect((await ifMatch('"1"', 'gone on')).body.version).toBe(2);
    const late = await ifMatch('"1"', 'gone on elsewhere');
    expect([late.status, late.body.code]).toEqual([412, 'precondition.failed']);
    expect((await here()).map(({ text }) => text)).toEqual(['gone on']);
  });

  it('can be begun in channels one has joined, and only there', async () => {
    const hidden = await chat.channel(ada, workspaceId, 'private');
    const stranger = await chat.person('Mallory');
    expect((await put('hello', { by: bob })).body.code).toBe('channel.not_member');
    expect((await put('hello', { by: bob, in: hidden })).body.code).toBe('channel.not_found');
    expect((await put('hello', { by: stranger })).body.code).toBe('channel.not_found');
    expect((await drop('', stranger)).body.code).toBe('channel.not_found');
    const listed = await chat.call(`GET /workspaces/${workspaceId}/drafts`, { token: stranger.token });
    expect(listed.body.code).toBe('workspace.not_found');
  });

  it('go with the membership in their channel', async () => {
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
    await put('unsent', { by: bob });
    await chat.call(`DELETE /channels/${channelId}/members/${bob.id}`, { token: bob.token });
    expect(await here(bob)).toEqual([]);
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
    expect(await here(bob)).toEqual([]);
  });

  it.each([
    ['an empty text', '', '/text'],
    ['a blank one', ' \u200b', '/text'],
    ['one that is too long', 'a'.repeat(16_001), '/text'],
    ['a number', 7, '/text'],
  ])('are refused with %s', async (_name, text, pointer) => {
    const reply = await put(text);
    expect(reply.status).toBe(400);
    expect(reply.body.errors?.[0]?.pointer).toBe(pointer);
  });

  it.each([
    ['what is no id', '?threadId=7', '/query/threadId'],
    ['what is no parameter', '?thread=x', '/query'],
  ])('are refused with %s for the thread', async (_name, thread, pointer) => {
    const reply = await put('hello', { thread });
    expect(reply.status).toBe(400);
    expect(reply.body.errors?.[0]?.pointer).toMatch(new RegExp(`^${pointer}`));
  });

  it('are listed by pages, the newest first, up to a thousand', async () => {
    const carol = await chat.person('Carol');
    const mine = (await chat.workspace(carol)).id;
    await chat.app.get(Database).execute(
      `WITH c AS (
         INSERT INTO chat.channels (id, workspace_id, kind, name, topic, created_by, created_at)
         SELECT gen_random_uuid(), '${mine}', 'public', 'd-' || n, '', '${carol.id}', now() FROM generate_series(1, 1000) n
         RETURNING id
       ), m AS (
         INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, last_read_seq, joined_at)
         SELECT id, '${carol.id}', '${mine}', 'member', 0, now() FROM c RETURNING channel_id
       ) SELECT 1 FROM m`,
    );
    await chat.app.get(Database).execute(
      `INSERT INTO chat.drafts (id, user_id, workspace_id, channel_id, text, version, updated_at)
       SELECT gen_random_uuid(), '${carol.id}', '${mine}', channel_id, 'x', 1, now()
       FROM chat.channel_members WHERE user_id = '${carol.id}' ORDER BY channel_id LIMIT 1000`,
    );
    const full = await chat.channel(carol, mine);
    const refused = await put('one more', { by: carol, in: full });
    expect([refused.status, refused.body.code]).toEqual([409, 'draft.too_many']);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Draft> = (
        await chat.call<Page<Draft>>(
          `GET /workspaces/${mine}/drafts?limit=200${cursor ? `&cursor=${cursor}` : ''}`,
          { token: carol.token },
        )
      ).body;
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen).toHaveLength(1000);
    const wrong = await chat.call(`GET /workspaces/${mine}/drafts?cursor=${randomUUID()}`, {
      token: carol.token,
    });
    expect(wrong.body.errors?.[0]?.pointer).toBe('/query/cursor');
  });
});

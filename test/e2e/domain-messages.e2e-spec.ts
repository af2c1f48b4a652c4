import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  Draft,
  Group,
  ListedSavedItem,
  Message,
  MovedMessage,
  MyVote,
  Page,
  SavedItem,
  Unread,
  Wording,
} from '#contracts';
import { heardUntilMessage, nextEvent, RunningParley, type Person } from './running-parley.js';

describe('what is said, and what becomes of it, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let cat: Person;
  let w: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId: w } = await parley.team());
    cat = await parley.person('Cat');
    await parley.admit(ada, w, cat);
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  /** A channel of Ada's with Bob and Cat in it. */
  const room = async () => {
    const id = await ada.channel(w);
    await ada.call(`POST /channels/${id}/members/batch`, { userIds: [bob.id, cat.id] });
    return id;
  };
  const get = async (person: Person, id: string) => (await person.call<Message>(`GET /messages/${id}`)).body;
  const callsIn = async (person: Person, channelId: string) => {
    const { body } = await person.call<Unread>(`GET /workspaces/${w}/unread`);
    return body.channels.find((badge) => badge.channelId === channelId)?.mentions ?? 0;
  };

  it('a mention calls whom it names: a person, a group, everyone, and nobody from within code', async () => {
    const c = await room();
    const stream = await bob.listen(w);
    const { body: crew } = await ada.call<Group>(`POST /workspaces/${w}/groups`, {
      ...{ handle: 'crew', name: 'The crew', userIds: [bob.id] },
    });
    expect((await nextEvent(stream, 'group.updated')).event.data.group).toEqual(crew);
    const { body: sent } = await ada.send(c, `<@${bob.id}> and <@&${crew.id}>, see <#${c}> :tada:`);
    expect((await nextEvent(stream, 'message.created')).event.data.message).toEqual(sent);
    expect(sent.mentions).toEqual([
      { kind: 'user', id: bob.id },
      { kind: 'group', id: crew.id },
    ]);
    await ada.send(c, '@channel, lunch');
    await ada.send(c, '@here, who comes along?');
    await ada.send(c, 'to call all, write `@channel`');
    await ada.send(c, `\`\`\`\n<@${bob.id}>\n\`\`\``);
    expect([await callsIn(bob, c), await callsIn(cat, c), await callsIn(ada, c)]).toEqual([3, 2, 0]);
    const crowd = Array.from({ length: 101 }, () => `<@${randomUUID()}>`).join(' ');
    expect((await ada.send(c, crowd)).body.code).toBe('message.too_many_mentions');
    expect(
      (await ada.call(`POST /workspaces/${w}/groups`, { handle: 'crew', name: 'Again' })).body.code,
    ).toBe('group.handle_taken');
    expect((await bob.call(`DELETE /workspaces/${w}/groups/${crew.id}`)).body.code).toBe('permission.denied');
    await ada.call(`DELETE /workspaces/${w}/groups/${crew.id}`);
    expect((await nextEvent(stream, 'group.deleted')).event.data.groupId).toBe(crew.id);
    // The group is gone; Bob was called by his name, too.
    expect(await callsIn(bob, c)).toBe(3);
    await stream.close();
  });

  it('an edit is told and the wordings are kept; a moderator deletes, and the words are gone', async () => {
    const c = await room();
    const stream = await cat.listen(w);
    const { body: sent } = await bob.send(c, 'teh first');
    await bob.call(`PATCH /messages/${sent.id}`, { text: 'the *second*' });
    expect((await nextEvent(stream, 'message.updated')).event.data.message).toMatchObject({
      text: 'the *second*',
      version: 2,
      editedAt: expect.any(String),
    });
    const { body: history } = await cat.call<Page<Wording>>(`GET /messages/${sent.id}/history`);
    expect(history.data.map(({ text }) => text).sort()).toEqual(['teh first', 'the *second*']);
    // Two devices of the author begin with the same version; the second is told to look again.
    const { headers } = await bob.call(`GET /messages/${sent.id}`);
    const edit = (text: string) =>
      parley.call(`PATCH /messages/${sent.id}`, {
        body: { text },
        token: bob.token,
        headers: { 'if-match': headers.get('etag') as string },
      });
    const edits = await Promise.all([edit('the third'), edit('the 3rd')]);
    expect(edits.map(({ status }) => status).sort()).toEqual([200, 412]);
    for (const route of [`PATCH /messages/${sent.id}`, `DELETE /messages/${sent.id}`])
      expect((await cat.call(route, route.startsWith('P') ? { text: 'mine' } : undefined)).body.code).toBe(
        'message.not_author',
      );
    // Ada owns the workspace: she may take words away, and not put any into somebody's mouth.
    expect((await ada.call(`PATCH /messages/${sent.id}`, { text: 'x' })).body.code).toBe(
      'message.not_author',
    );
    expect((await ada.call(`DELETE /messages/${sent.id}`)).status).toBe(204);
    const { event } = await nextEvent(stream, 'message.deleted');
    expect(event).toMatchObject({
      actorId: ada.id,
      data: { message: { id: sent.id, text: '', senderId: bob.id } },
    });
    expect(await get(cat, sent.id)).toEqual(event.data.message);
    expect((await cat.call(`GET /messages/${sent.id}/history`)).body.code).toBe('message.deleted');
    await stream.close();
  });

  it('pins are for all, saved items for oneself', async () => {
    const c = await room();
    const [bobs, cats] = [await bob.listen(w), await cat.listen(w)];
    const { body: sent } = await ada.send(c, 'the door code');
    await bob.call(`PUT /messages/${sent.id}/pin`);
    expect((await nextEvent(cats, 'message.updated')).event.data.message.pinned?.userId).toBe(bob.id);
    const { body: pins } = await cat.call<Page<Message>>(`GET /channels/${c}/pins`);
    expect(pins.data.map(({ id }) => id)).toEqual([sent.id]);
    await ada.call(`DELETE /messages/${sent.id}/pin`);
    expect((await nextEvent(cats, 'message.updated')).event.data.message).not.toHaveProperty('pinned');

    const { body: saved } = await bob.call<SavedItem>(`PUT /messages/${sent.id}/saved`, {});
    expect((await nextEvent(bobs, 'saved_item.updated')).event.data.item).toEqual(saved);
    const list = async (person: Person, query = '') =>
      (await person.call<Page<ListedSavedItem>>(`GET /workspaces/${w}/saved${query}`)).body.data;
    expect((await list(bob)).map(({ message }) => message?.text)).toEqual(['the door code']);
    expect(await list(cat)).toEqual([]);
    await bob.call(`PUT /messages/${sent.id}/saved`, { done: true });
    expect([(await list(bob)).length, (await list(bob, '?done=true')).length]).toEqual([0, 1]);
    await bob.call(`DELETE /messages/${sent.id}/saved`);
    expect((await nextEvent(bobs, 'saved_item.removed')).event.data.messageId).toBe(sent.id);
    await Promise.all([bobs.close(), cats.close()]);
  });

  it('forwarding passes on the words as they were, of what the sender may read only', async () => {
    const [from, to] = [await ada.channel(w, { kind: 'private' }), await room()];
    const { body: original } = await ada.send(from, 'as it was');
    const stream = await cat.listen(w);
    const passedOn = await ada.post(to, 'look', { forwardOf: original.id });
    expect((await nextEvent(stream, 'message.created')).event.data.message).toEqual(passedOn);
    await ada.call(`PATCH /messages/${original.id}`, { text: 'otherwise' });
    expect((await get(cat, passedOn.id)).forwarded).toMatchObject({
      messageId: original.id,
      senderId: ada.id,
      text: 'as it was',
    });
    const refused = await bob.post(to, '', { forwardOf: original.id });
    expect(refused).toMatchObject({ code: 'message.not_found' });
    await stream.close();
  });

  it('a draft is on both devices, and neither writes over what it has not seen', async () => {
    const c = await room();
    const [phone, others] = [await bob.listen(w), await cat.listen(w)];
    const put = (text: string, etag?: string) =>
      parley.call<Draft>(`PUT /channels/${c}/draft`, {
        token: bob.token,
        body: { text },
        headers: etag ? { 'if-match': etag } : {},
      });
    const first = await put('I was ab');
    expect((await nextEvent(phone, 'draft.updated')).event.data.draft).toEqual(first.body);
    const etag = first.headers.get('etag') as string;
    const replies = await Promise.all([put('I was about', etag), put('I was absent', etag)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412]);
    const { body: drafts } = await bob.call<Page<Draft>>(`GET /workspaces/${w}/drafts`);
    expect(drafts.data).toEqual([replies.find(({ status }) => status === 200)?.body]);
    await bob.call(`DELETE /channels/${c}/draft`);
    expect((await nextEvent(phone, 'draft.deleted')).event.data).toMatchObject({ draftId: first.body.id });
    await ada.send(c, 'a mark in the stream');
    const types = (await heardUntilMessage(others)).map(({ type }) => type);
    expect(types).not.toContain('draft.updated');
    expect(types).not.toContain('draft.deleted');
    await Promise.all([phone.close(), others.close()]);
  });

  it('a poll counts each person once, by the last they said, until it is closed', async () => {
    const c = await room();
    const stream = await cat.listen(w);
    const asked = await ada.post(c, '', { poll: { question: 'Where?', options: ['here', 'there'] } });
    expect((await nextEvent(stream, 'message.created')).event.data.message.poll?.totalVoters).toBe(0);
    const [here, there] = (asked.poll?.options ?? []).map(({ id }) => id);
    const vote = (person: Person, ...optionIds: unknown[]) =>
      person.call<Message>(`PUT /messages/${asked.id}/vote`, { optionIds });
    await vote(bob, here);
    await vote(bob, there);
    await vote(cat, there);
    for (let n = 0; n < 2; n++) await nextEvent(stream, 'message.updated');
    const { event } = await nextEvent(stream, 'message.updated');
    expect(event.data.message.poll?.tallies).toEqual([
      { optionId: here, count: 0, userIds: [] },
      { optionId: there, count: 2, userIds: [bob.id, cat.id] },
    ]);
    expect((await bob.call<MyVote>(`GET /messages/${asked.id}/vote`)).body.optionIds).toEqual([there]);
    expect((await vote(bob, here, there)).body.code).toBe('request.invalid');
    expect((await bob.call(`POST /messages/${asked.id}/close-poll`)).body.code).toBe('message.not_author');
    await ada.call(`POST /messages/${asked.id}/close-poll`);
    expect((await nextEvent(stream, 'message.updated')).event.data.message.poll?.closedAt).not.toBeNull();
    expect((await vote(cat, here)).body.code).toBe('poll.closed');
    await stream.close();
  });

  it('a permalink leads to the message and to what stands around it, for those who may read it', async () => {
    const c = await room();
    const sent: Message[] = [];
    for (let n = 1; n <= 12; n++) sent.push(await ada.post(c, `${n}`));
    const wanted = sent[5] as Message;
    const { channelId, seq } = await get(bob, wanted.id);
    const around = `GET /channels/${channelId}/messages?around=${seq}&limit=4`;
    expect((await bob.call<Page<Message>>(around)).body.data.map(({ text }) => text)).toEqual([
      '4',
      '5',
      '6',
      '7',
    ]);
    const eve = await parley.person('Eve');
    expect((await eve.call(`GET /messages/${wanted.id}`)).body.code).toBe('message.not_found');
    expect((await eve.call(around)).body.code).toBe('channel.not_found');
  });

  it('a thread moves to another channel whole, and leaves word of where it went', async () => {
    const [from, to] = [await room(), await room()];
    const root = await bob.post(from, 'wrong place');
    await ada.post(from, 'indeed', { threadId: root.id });
    const stream = await cat.listen(w);
    expect((await cat.call(`POST /messages/${root.id}/move`, { channelId: to })).body.code).toBe(
      'permission.denied',
    );
    const { body } = await ada.call<MovedMessage>(`POST /messages/${root.id}/move`, { channelId: to });
    expect(body).toMatchObject({
      moved: 2,
      message: { channelId: to, senderId: bob.id, thread: { replyCount: 1 } },
    });
    const arrived = (await nextEvent(stream, 'message.created')).event.data.message;
    expect([arrived.id, arrived.text]).toEqual([body.message.id, 'wrong place']);
    const { body: replies } = await cat.call<Page<Message>>(`GET /messages/${body.message.id}/thread`);
    expect(replies.data.map(({ text }) => text)).toEqual(['indeed']);
    expect(await get(cat, root.id)).toMatchObject({
      text: '',
      movedTo: { channelId: to, messageId: body.message.id },
    });
    await stream.close();
  });

  it('what is too long, empty or sent twice does not get in, or once', async () => {
    const c = await room();
    for (const [text, pointer] of [
      ['x'.repeat(16_001), '/text'],
      ['', '/text'],
    ] as const) {
      const { body } = await ada.send(c, text);
      expect([body.code, body.errors?.[0]?.pointer]).toEqual(['request.invalid', pointer]);
    }
    expect((await ada.send(c, 'x'.repeat(70_000))).status).toBe(413);
    expect((await ada.send(c, '好'.repeat(16_000))).status).toBe(201);
    const key = randomUUID();
    const twice = await Promise.all([ada.send(c, 'once', key), ada.send(c, 'once', key)]);
    expect(twice[0]?.body).toEqual(twice[1]?.body);
    expect((await ada.send(await room(), 'once', key)).body.code).toBe('message.id_reused');
    expect((await ada.history(c)).map(({ text }) => text)).toEqual(['好'.repeat(16_000), 'once']);
  });
});

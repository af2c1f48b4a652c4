import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Channel, DirectInvitation, ListedChannel, MyChannel, Page, Sidebar } from '#contracts';
import { heardUntilMessage, nextEvent, RunningParley, type Person } from './running-parley.js';

describe('channels of every kind, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let cat: Person;
  let w: string;
  let general: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId: w, channelId: general } = await parley.team());
    cat = await parley.person('Cat');
    await parley.admit(ada, w, cat);
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  const browse = async (person: Person, query: string) =>
    (await person.call<Page<ListedChannel>>(`GET /workspaces/${w}/channels?${query}`)).body;
  const change = (person: Person, channelId: string, body: object) =>
    person.call<Channel>(`PATCH /channels/${channelId}`, body);
  const mine = async (person: Person, channelId: string) =>
    (await person.bootstrap(w)).channels.find(({ channel }) => channel.id === channelId) as MyChannel;
  const join = (person: Person, channelId: string) => person.call(`POST /channels/${channelId}/join`);
  const open = async (person: Person, ...others: Person[]) =>
    (await person.call<MyChannel>(`POST /workspaces/${w}/dms`, { userIds: others.map(({ id }) => id) })).body
      .channel;

  it('a public one is told to everyone, found by its name, page by page, and joined', async () => {
    const stream = await bob.listen(w);
    const ids: string[] = [];
    for (const name of ['plan-a', 'plan-b', 'plan-c']) ids.push(await ada.channel(w, { name }));
    for (const id of ids) {
      const { event } = await nextEvent(stream, 'channel.created');
      expect(event.data).toMatchObject({ channel: { id, kind: 'public' }, memberIds: [ada.id] });
    }
    const first = await browse(bob, 'q=plan&limit=2');
    const rest = await browse(bob, `q=plan&limit=2&cursor=${encodeURIComponent(first.nextCursor as string)}`);
    expect([...first.data, ...rest.data].map(({ channel }) => channel.name)).toEqual([
      'plan-a',
      'plan-b',
      'plan-c',
    ]);
    expect(rest.nextCursor).toBeNull();
    expect(first.data[0]).toMatchObject({ memberCount: 1, membership: null });
    await join(bob, ids[0] as string);
    expect((await nextEvent(stream, 'member.joined')).event.data.channel?.id).toBe(ids[0]);
    expect((await browse(bob, 'q=plan-a')).data[0]).toMatchObject({
      memberCount: 2,
      membership: { role: 'member' },
    });
    await ada.send(ids[0] as string, 'welcome');
    expect((await nextEvent(stream, 'message.created')).event.channelId).toBe(ids[0]);
    await stream.close();
  });

  it('a private one is known to those in it only', async () => {
    const [bobs, cats] = [await bob.listen(w), await cat.listen(w)];
    const secret = await ada.channel(w, { kind: 'private' });
    await ada.call(`POST /channels/${secret}/members/batch`, { userIds: [bob.id] });
    await ada.send(secret, 'between us');
    expect((await nextEvent(bobs, 'message.created')).event.data.message.text).toBe('between us');
    expect((await join(cat, secret)).body.code).toBe('channel.not_found');
    expect((await browse(cat, 'kind=private')).data).toEqual([]);
    await ada.send(general, 'for all');
    const heard = await heardUntilMessage(cats);
    expect(heard.at(-1)?.channelId).toBe(general);
    expect(heard.filter((event) => event.channelId === secret)).toEqual([]);
    await Promise.all([bobs.close(), cats.close()]);
  });

  it('its settings change before the eyes of all: name, topic, description, archive, private', async () => {
    const stream = await cat.listen(w);
    const id = await ada.channel(w, { name: 'drafts' });
    await join(bob, id);
    expect((await change(bob, id, { name: 'bobs' })).body.code).toBe('permission.denied');
    expect((await change(bob, id, { topic: 'From a member' })).status).toBe(200);
    const { body } = await change(ada, id, { name: 'designs', description: 'All of **them**' });
    expect((await nextEvent(stream, 'channel.updated')).event.data.channel.topic).toBe('From a member');
    expect((await nextEvent(stream, 'channel.updated')).event.data.channel).toEqual(body);
    expect((await change(ada, id, { name: 'general' })).body.code).toBe('channel.name_taken');

    await ada.call(`POST /channels/${id}/archive`);
    expect((await nextEvent(stream, 'channel.archived')).event.data.channel.archivedAt).not.toBeNull();
    expect((await bob.send(id, 'too late')).body.code).toBe('channel.archived');
    expect((await browse(cat, 'archived=true')).data.map(({ channel }) => channel.id)).toEqual([id]);
    await ada.call(`POST /channels/${id}/unarchive`);
    expect((await nextEvent(stream, 'channel.updated')).event.data.channel.archivedAt).toBeNull();

    await change(ada, id, { kind: 'private' });
    expect((await nextEvent(stream, 'channel.hidden')).event.data.channelId).toBe(id);
    expect((await cat.call(`GET /channels/${id}`)).body.code).toBe('channel.not_found');
    expect((await change(ada, id, { kind: 'public' })).body.code).toBe('request.invalid');
    expect((await bob.send(id, 'still here')).status).toBe(201);
    await stream.close();
  });

  it('a default one takes in whoever comes', async () => {
    const id = await ada.channel(w);
    expect((await change(ada, id, { isDefault: true })).body.isDefault).toBe(true);
    const dan = await parley.person('Dan');
    await parley.admit(ada, w, dan);
    expect((await dan.bootstrap(w)).channels.map(({ channel }) => channel.id).sort()).toEqual(
      [general, id].sort(),
    );
    expect((await change(ada, id, { kind: 'private' })).body.code).toBe('channel.is_default');
    await change(ada, id, { isDefault: false });
    expect((await change(ada, general, { isDefault: false })).body.code).toBe('channel.last_default');
  });

  it('its admins run it: they announce, slow it down, and hand the role on', async () => {
    const id = await bob.channel(w);
    await join(cat, id);
    const stream = await cat.listen(w);
    await change(bob, id, { posting: 'admins' });
    expect((await nextEvent(stream, 'channel.updated')).event.data.channel.posting).toBe('admins');
    expect((await cat.send(id, 'may I?')).body.code).toBe('channel.read_only');
    expect((await bob.send(id, 'an announcement')).status).toBe(201);
    await bob.call(`PATCH /channels/${id}/members/${cat.id}`, { role: 'admin' });
    expect((await nextEvent(stream, 'channel_member.updated')).event.data).toMatchObject({
      channelId: id,
      member: { role: 'admin', user: { id: cat.id } },
    });
    expect((await cat.send(id, 'I may')).status).toBe(201);
    const onlyAdmin = await bob.call(`PATCH /channels/${id}/members/${cat.id}`, { role: 'member' });
    expect(onlyAdmin.status).toBe(200);
    const last = await bob.call(`PATCH /channels/${id}/members/${bob.id}`, { role: 'member' });
    expect(last.body.code).toBe('channel.last_admin');

    await change(bob, id, { posting: 'everyone', slowModeSeconds: 5 });
    const slow = await cat.send(id, 'too soon');
    expect([slow.status, slow.body.code]).toEqual([429, 'message.slow_mode']);
    await delay(Number(slow.headers.get('retry-after')) * 1000);
    expect((await cat.send(id, 'in time')).status).toBe(201);
    expect(
      await Promise.all([bob.send(id, 'a'), bob.send(id, 'b')]).then((all) => all.map((r) => r.status)),
    ).toEqual([201, 201]);
    await stream.close();
  });

  it('each orders the sidebar for themselves, on all their devices', async () => {
    const [phone, others] = [await ada.listen(w), await bob.listen(w)];
    const want = { muted: true, favourite: true, level: 'mentions' };
    await ada.call(`PATCH /channels/${general}/preferences`, want);
    expect((await nextEvent(phone, 'channel_preferences.updated')).event.data).toEqual({
      channelId: general,
      preferences: { ...want, hiddenSince: null, version: 1 },
    });
    const { body: made } = await ada.call<Sidebar>(`POST /workspaces/${w}/sections`, { name: 'Work' });
    const [work] = made.sections;
    await ada.call(`PUT /channels/${general}/section`, { sectionId: work?.id });
    await ada.call(`PATCH /workspaces/${w}/sections/${work?.id}`, { collapsed: true });
    for (let version = 1; version < 3; version++)
      expect((await nextEvent(phone, 'sidebar.updated')).event.data.sidebar.version).toBe(version);
    const { event } = await nextEvent(phone, 'sidebar.updated');
    expect(event.data.sidebar.sections).toEqual([
      { id: work?.id, name: 'Work', collapsed: true, channelIds: [general] },
    ]);
    const state = await ada.bootstrap(w);
    expect(state.sidebar).toEqual(event.data.sidebar);
    expect((await mine(ada, general)).preferences).toMatchObject(want);
    expect((await mine(bob, general)).preferences).toMatchObject({ muted: false, level: 'default' });
    await ada.send(general, 'a mark in the stream');
    const types = (await heardUntilMessage(others)).map(({ type }) => type);
    expect(types).not.toContain('channel_preferences.updated');
    expect(types).not.toContain('sidebar.updated');
    await Promise.all([phone.close(), others.close()]);
  });

  it('two talk in the same conversation whoever opens it', async () => {
    const stream = await bob.listen(w);
    const direct = await open(ada, bob);
    expect((await open(bob, ada)).id).toBe(direct.id);
    await ada.send(direct.id, 'psst');
    expect((await nextEvent(stream, 'message.created')).event.channelId).toBe(direct.id);
    expect((await cat.call(`GET /channels/${direct.id}/messages`)).body.code).toBe('channel.not_found');
    expect((await change(ada, direct.id, { topic: 'x' })).body.code).toBe('channel.direct_unsupported');
    await stream.close();
  });

  it('one more comes into a group, with all that was said, when all have agreed', async () => {
    const dan = await parley.person('Dan');
    await parley.admit(ada, w, dan);
    const group = await open(ada, bob, cat);
    await ada.send(group.id, 'said before');
    const [bobs, dans] = [await bob.listen(w), await dan.listen(w)];
    const at = `/channels/${group.id}/direct-invitations`;
    const { body: proposal } = await ada.call<DirectInvitation>(`POST ${at}`, { userId: dan.id });
    expect((await nextEvent(bobs, 'direct_invitation.updated')).event.data.invitation).toEqual(proposal);
    await bob.call(`POST ${at}/${proposal.id}/accept`);
    expect((await dan.call(`GET /channels/${group.id}`)).body.code).toBe('channel.not_found');
    const { body: agreed } = await cat.call<DirectInvitation>(`POST ${at}/${proposal.id}/accept`);
    expect(agreed.state).toBe('accepted');
    const { event } = await nextEvent(dans, 'member.joined');
    expect(event.data).toMatchObject({ user: { id: dan.id }, channel: { id: group.id } });
    expect((await dan.history(group.id)).map(({ text }) => text)).toEqual(['said before']);
    await bob.send(group.id, 'hello Dan');
    expect((await nextEvent(dans, 'message.created')).event.data.message.text).toBe('hello Dan');
    await Promise.all([bobs.close(), dans.close()]);
  });

  it('one no is enough, and nothing changes', async () => {
    const group = await open(ada, bob, cat);
    const dan = await parley.person('Dan');
    await parley.admit(ada, w, dan);
    const at = `/channels/${group.id}/direct-invitations`;
    const { body: proposal } = await ada.call<DirectInvitation>(`POST ${at}`, { userId: dan.id });
    const { body } = await cat.call<DirectInvitation>(`POST ${at}/${proposal.id}/decline`);
    expect(body).toMatchObject({ state: 'declined', declinedBy: cat.id });
    expect((await bob.call(`POST ${at}/${proposal.id}/accept`)).body.code).toBe('direct_invitation.decided');
    expect((await dan.call(`GET /channels/${group.id}`)).body.code).toBe('channel.not_found');
  });

  it('a deleted one is gone with all that was said in it', async () => {
    const id = await ada.channel(w);
    const { body: sent } = await ada.send(id, 'for a while');
    await join(bob, id);
    const stream = await bob.listen(w);
    expect((await bob.call(`DELETE /channels/${id}`)).body.code).toBe('permission.denied');
    expect((await ada.call(`DELETE /channels/${id}`)).status).toBe(204);
    expect((await nextEvent(stream, 'channel.deleted')).event.data.channelId).toBe(id);
    expect((await bob.call(`GET /messages/${sent.id}`)).body.code).toBe('message.not_found');
    await stream.close();
  });
});

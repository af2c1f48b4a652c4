import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bootstrap, ChannelPreferences, MyChannel, Sidebar } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('the sidebar and the preferences of a channel', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let w: string;
  let c: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
    c = await chat.channel(ada, w);
  });
  afterAll(() => chat.stop());

  const as = <T>({ token }: Person, route: string, body?: unknown) => chat.call<T>(route, { token, body });
  const prefer = (person: Person, body: object, channelId = c) =>
    as<ChannelPreferences>(person, `PATCH /channels/${channelId}/preferences`, body);
  const state = async (person: Person) =>
    (await as<Bootstrap>(person, `GET /workspaces/${w}/bootstrap`)).body;
  const mine = async (person: Person, id = c) =>
    (await state(person)).channels.find(({ channel }) => channel.id === id) as MyChannel;
  const eventsOf = async (type: string, person: Person) =>
    (await chat.events(w)).filter((event) => event.type === type && event.actorId === person.id);

  it('keeps what each person wants of a channel, for that person only', async () => {
    await as(bob, `POST /channels/${c}/join`);
    expect((await prefer(ada, { muted: true, level: 'mentions' })).body).toEqual({
      muted: true,
      favourite: false,
      level: 'mentions',
      hiddenSince: null,
      version: 1,
    });
    // What is left out stays: another device knows nothing of the first change.
    expect((await prefer(ada, { favourite: true })).body).toMatchObject({ muted: true, version: 2 });
    const kept = { muted: true, favourite: true, level: 'mentions', hiddenSince: null, version: 2 };
    expect((await mine(ada)).preferences).toEqual(kept);
    expect((await as(ada, `GET /channels/${c}/preferences`)).body).toEqual(kept);
    expect((await mine(bob)).preferences).toMatchObject({ muted: false, version: 0 });
    await eventually(async () => {
      const events = await eventsOf('channel_preferences.updated', ada);
      expect(events.at(-1)?.data).toEqual({ channelId: c, preferences: kept });
    });
  });

  it('hides a conversation until the next message, without a word to anyone else', async () => {
    const { body: direct } = await as<MyChannel>(ada, `POST /workspaces/${w}/dms`, { userIds: [bob.id] });
    const id = direct.channel.id;
    await chat.send(bob, id, 'hello');
    expect((await prefer(ada, { hidden: true }, id)).body.hiddenSince).toBe(1);
    await chat.send(bob, id, 'are you there?');
    // What the client goes by: the newest message is newer than the hiding.
    expect(await mine(ada, id)).toMatchObject({ channel: { lastSeq: 2 }, preferences: { hiddenSince: 1 } });
    expect((await prefer(ada, { hidden: false }, id)).body.hiddenSince).toBeNull();
    // Whoever opens it again finds what was set.
    await prefer(ada, { muted: true }, id);
    const again = await as<MyChannel>(ada, `POST /workspaces/${w}/dms`, { userIds: [bob.id] });
    expect(again.body.preferences).toMatchObject({ muted: true, version: 3 });
  });

  it('is of members: whoever is not in the channel has none, and leaving forgets them', async () => {
    const other = await chat.channel(ada, w);
    expect((await prefer(bob, { muted: true }, other)).body.code).toBe('channel.not_member');
    const hidden = await chat.channel(ada, w, 'private');
    expect((await prefer(bob, { muted: true }, hidden)).body.code).toBe('channel.not_found');
    await as(bob, `POST /channels/${other}/join`);
    await prefer(bob, { muted: true }, other);
    await as(bob, `DELETE /channels/${other}/members/${bob.id}`);
    await as(bob, `POST /channels/${other}/join`);
    expect((await mine(bob, other)).preferences).toMatchObject({ muted: false, version: 0 });
  });

  it.each([
    [{ level: 'loud' }, '/level'],
    [{ muted: 'yes' }, '/muted'],
    [{ section: 1 }, '/section'],
  ])('refuses the preferences %j', async (body, pointer) => {
    const reply = await prefer(ada, body);
    expect(reply.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  const section = async (name: string, more = {}) => {
    const { body } = await as<Sidebar>(ada, `POST /workspaces/${w}/sections`, { name, ...more });
    return body.sections.find((one) => one.name === name)?.id as string;
  };
  const names = async () =>
    (await as<Sidebar>(ada, `GET /workspaces/${w}/sections`)).body.sections.map(({ name }) => name);

  it('orders sections and channels in them, and gives all of it to every device', async () => {
    const [a, b] = [await section('A'), await section('B')];
    await section('First', { after: null });
    await as(ada, `PATCH /workspaces/${w}/sections/${a}`, { after: b, name: 'Z', collapsed: true });
    expect(await names()).toEqual(['First', 'B', 'Z']);
    const two = await chat.channel(ada, w);
    const place = (channelId: string, body: object) =>
      as<Sidebar>(ada, `PUT /channels/${channelId}/section`, body);
    await place(c, { sectionId: a });
    await place(two, { sectionId: a, after: null });
    expect((await state(ada)).sidebar.sections[2]).toEqual({
      id: a,
      name: 'Z',
      collapsed: true,
      channelIds: [two, c],
    });
    const { body: moved } = await place(two, { sectionId: b });
    expect(moved.sections.map(({ channelIds }) => channelIds)).toEqual([[], [two], [c]]);
    await place(two, { sectionId: null });
    const { body: last } = await as<Sidebar>(ada, `DELETE /workspaces/${w}/sections/${a}`);
    expect(last.sections.map(({ name }) => name)).toEqual(['First', 'B']);
    expect((await state(ada)).sidebar).toEqual(last);
    expect((await state(bob)).sidebar).toEqual({ sections: [], version: 0 });
    await eventually(async () => {
      const events = await eventsOf('sidebar.updated', ada);
      expect(events.at(-1)?.data).toEqual({ sidebar: last });
      const versions = events.map((event) => event.type === 'sidebar.updated' && event.data.sidebar.version);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    });
  });

  it('loses no change when two devices move things at once', async () => {
    const before = (await state(ada)).sidebar;
    const channels = await Promise.all([1, 2, 3, 4].map(() => chat.channel(ada, w)));
    const id = await section('Busy');
    await Promise.all([
      ...channels.map((channelId) => as(ada, `PUT /channels/${channelId}/section`, { sectionId: id })),
      ...['P', 'Q'].map((name) => section(name)),
    ]);
    const { sections, version } = (await state(ada)).sidebar;
    expect(new Set(sections.find((one) => one.id === id)?.channelIds)).toEqual(new Set(channels));
    expect(sections.map(({ name }) => name)).toEqual(expect.arrayContaining(['P', 'Q']));
    expect(version).toBe(before.version + 7);
  });

  it('tells what does not exist or does not fit', async () => {
    const id = await section('Mine');
    const unknown = newId.channel();
    const code = async (route: string, body?: object) => (await as(ada, route, body)).body.code;
    expect(await code(`PATCH /workspaces/${w}/sections/${unknown}`, { name: 'x' })).toBe('section.not_found');
    expect(await code(`DELETE /workspaces/${w}/sections/${unknown}`)).toBe('section.not_found');
    expect(await code(`PUT /channels/${c}/section`, { sectionId: unknown })).toBe('section.not_found');
    const invalid = async (route: string, body: object) =>
      (await as(ada, route, body)).body.errors?.[0]?.pointer;
    expect(await invalid(`PUT /channels/${c}/section`, { sectionId: id, after: unknown })).toBe('/after');
    expect(await invalid(`PATCH /workspaces/${w}/sections/${id}`, { after: unknown })).toBe('/after');
    expect(await invalid(`POST /workspaces/${w}/sections`, { name: '\u200b' })).toBe('/name');
    // Another person's section is not there for me.
    const theirs = await as<Sidebar>(bob, `POST /workspaces/${w}/sections`, { name: 'Bob' });
    const bobs = theirs.body.sections[0]?.id;
    expect(await code(`DELETE /workspaces/${w}/sections/${bobs}`)).toBe('section.not_found');
  });

  it('goes with the membership of the workspace, and comes back with it', async () => {
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    await as(zed, `POST /workspaces/${w}/sections`, { name: 'Gone' });
    await as(ada, `DELETE /workspaces/${w}/members/${zed.id}`);
    expect((await as(zed, `GET /workspaces/${w}/sections`)).body.code).toBe('workspace.not_found');
    await chat.invite(ada, w, zed);
    expect((await state(zed)).sidebar.sections.map(({ name }) => name)).toEqual(['Gone']);
  });
});

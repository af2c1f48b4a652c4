import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type {
  ChannelMember,
  DirectInvitation,
  ListedChannel,
  MessagePage,
  MyChannel,
  Page,
} from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('adding a person to a conversation', () => {
  let chat: RunningChat;
  let client: Client;
  let w: string;
  let owner: Person;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    owner = await chat.person('Owner');
    w = (await chat.workspace(owner)).id;
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const as = <T>({ token }: Person, route: string, body?: unknown) => chat.call<T>(route, { token, body });
  const people = async (...names: string[]) => {
    const all = await Promise.all(names.map((name) => chat.person(name)));
    await chat.invite(owner, w, ...all);
    return all as [Person, Person, Person, Person, Person];
  };
  const open = async (person: Person, ...others: Person[]) =>
    (await as<MyChannel>(person, `POST /workspaces/${w}/dms`, { userIds: others.map(({ id }) => id) })).body;
  const talk = async (person: Person, ...others: Person[]) => (await open(person, ...others)).channel.id;
  const propose = (person: Person, c: string, who: Person) =>
    as<DirectInvitation>(person, `POST /channels/${c}/direct-invitations`, { userId: who.id });
  const answer = (person: Person, c: string, id: string, given: 'accept' | 'decline') =>
    as<DirectInvitation>(person, `POST /channels/${c}/direct-invitations/${id}/${given}`);
  const pending = async (person: Person, c: string) =>
    (await as<Page<DirectInvitation>>(person, `GET /channels/${c}/direct-invitations`)).body.data;
  const history = async (person: Person, c: string) =>
    (await as<MessagePage>(person, `GET /channels/${c}/messages`)).body.data.map(({ text }) => text);

  it('takes the yes of everyone, and then the person sees what was said', async () => {
    const [ada, bob, cat, dan] = await people('Ada', 'Bob', 'Cat', 'Dan');
    const c = await talk(ada, bob, cat);
    await chat.send(ada, c, 'before Dan');
    const { status, body: invitation } = await propose(ada, c, dan);
    expect(status).toBe(201);
    expect(invitation).toMatchObject({ state: 'pending', acceptedBy: [ada.id], userId: dan.id, version: 1 });
    expect(Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)).toBe(7 * 24 * 3600 * 1000);
    expect(await pending(bob, c)).toEqual([invitation]);
    expect((await answer(bob, c, invitation.id, 'accept')).body).toMatchObject({
      state: 'pending',
      version: 2,
    });
    expect((await as(dan, `GET /channels/${c}`)).body.code).toBe('channel.not_found');
    expect((await answer(cat, c, invitation.id, 'accept')).body).toMatchObject({
      state: 'accepted',
      version: 3,
    });
    expect(await history(dan, c)).toEqual(['before Dan']);
    const all = [ada, bob, cat, dan];
    expect((await open(dan, ada, bob, cat)).channel).toMatchObject({ id: c, version: 2 });
    expect((await open(dan, ada, bob, cat)).channel.directUserIds?.slice().sort()).toEqual(
      all.map(({ id }) => id).sort(),
    );
    expect(await pending(dan, c)).toEqual([]);
    // The three of before have a conversation of their own again, and an empty one.
    const three = await talk(ada, bob, cat);
    expect(three).not.toBe(c);
    expect(await history(ada, three)).toEqual([]);
    await eventually(async () => {
      const events = (await chat.events(w)).filter((event) => event.channelId === c);
      const told = events.filter(({ type }) => type !== 'message.created').map(({ type }) => type);
      expect(told).toEqual([
        'channel.created',
        ...Array<string>(3).fill('direct_invitation.updated'),
        'channel.updated',
        'member.joined',
      ]);
      const joined = events.find((event) => event.type === 'member.joined');
      expect(joined?.data).toMatchObject({ user: { id: dan.id }, lastReadSeq: 1, channel: { version: 2 } });
    });
    // Heard twice is answered twice, and changes nothing.
    expect((await answer(cat, c, invitation.id, 'accept')).body).toMatchObject({
      state: 'accepted',
      version: 3,
    });
    expect((await answer(cat, c, invitation.id, 'decline')).body.code).toBe('direct_invitation.decided');
  });

  it('one no decides, and another try is a new one', async () => {
    const [ada, bob, cat, dan] = await people('Ada', 'Bob', 'Cat', 'Dan');
    const c = await talk(ada, bob, cat);
    const { body: first } = await propose(ada, c, dan);
    expect((await answer(bob, c, first.id, 'decline')).body).toMatchObject({
      state: 'declined',
      declinedBy: bob.id,
    });
    expect((await answer(cat, c, first.id, 'accept')).body.code).toBe('direct_invitation.decided');
    const { body: second } = await propose(bob, c, dan);
    expect(second.id).not.toBe(first.id);
    // Proposing what is proposed already is agreeing to it.
    expect((await propose(ada, c, dan)).body).toMatchObject({ id: second.id, acceptedBy: [bob.id, ada.id] });
    expect((await propose(cat, c, dan)).body).toMatchObject({ id: second.id, state: 'accepted' });
  });

  it('agreeing at the same moment lets the person in once', async () => {
    const [ada, bob, cat, dan] = await people('Ada', 'Bob', 'Cat', 'Dan');
    const c = await talk(ada, bob, cat);
    const { body: invitation } = await propose(ada, c, dan);
    const second = await chat.second();
    const route = `POST /channels/${c}/direct-invitations/${invitation.id}/accept`;
    const replies = await Promise.all([
      chat.call<DirectInvitation>(route, { token: bob.token }),
      chat.call<DirectInvitation>(route, { token: cat.token }, second),
      chat.call<DirectInvitation>(route, { token: cat.token }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(replies.some(({ body }) => body.state === 'accepted')).toBe(true);
    const { body } = await as<Page<ChannelMember>>(dan, `GET /channels/${c}/members`);
    expect(body.data).toHaveLength(4);
    await eventually(async () => {
      const joined = (await chat.events(w)).filter(
        (event) => event.channelId === c && event.type === 'member.joined',
      );
      expect(joined).toHaveLength(1);
    });
  });

  it('tells of the conversation that these people have already', async () => {
    const [ada, bob, cat, dan] = await people('Ada', 'Bob', 'Cat', 'Dan');
    const c = await talk(ada, bob, cat);
    const { body: invitation } = await propose(ada, c, dan);
    const four = await talk(dan, ada, bob, cat);
    expect((await answer(bob, c, invitation.id, 'accept')).status).toBe(200);
    const late = await answer(cat, c, invitation.id, 'accept');
    expect(late.body).toMatchObject({ code: 'channel.direct_exists', channelId: four });
    expect((await propose(cat, c, dan)).body.code).toBe('channel.direct_exists');
    expect(await pending(cat, c)).toMatchObject([{ state: 'pending', acceptedBy: [ada.id, bob.id] }]);
  });

  it('does not wait for who has left the workspace, nor longer than a week', async () => {
    const [ada, bob, cat, dan, eli] = await people('Ada', 'Bob', 'Cat', 'Dan', 'Eli');
    const c = await talk(ada, bob, cat);
    const { body: invitation } = await propose(ada, c, dan);
    await answer(bob, c, invitation.id, 'accept');
    await as(owner, `DELETE /workspaces/${w}/members/${cat.id}`);
    expect((await answer(bob, c, invitation.id, 'accept')).body.state).toBe('accepted');
    const { body: other } = await propose(ada, c, eli);
    await client.query(`UPDATE chat.direct_invitations SET expires_at = now() WHERE id = $1`, [other.id]);
    expect((await answer(bob, c, other.id, 'accept')).body.code).toBe('direct_invitation.expired');
    expect(await pending(bob, c)).toEqual([]);
    const { body: again } = await propose(bob, c, eli);
    expect(again).toMatchObject({ state: 'pending', acceptedBy: [bob.id] });
    expect(again.id).not.toBe(other.id);
  });

  it('works from two people, who then have a conversation of their own anew', async () => {
    const [ada, bob, cat] = await people('Ada', 'Bob', 'Cat');
    const c = await talk(ada, bob);
    await chat.send(ada, c, 'between us');
    const { body: invitation } = await propose(ada, c, cat);
    expect((await answer(bob, c, invitation.id, 'accept')).body.state).toBe('accepted');
    expect(await history(cat, c)).toEqual(['between us']);
    expect(await talk(ada, bob)).not.toBe(c);
  });

  it('is for those in it, in a conversation, about somebody who can be added', async () => {
    const [ada, bob, cat, dan, eli] = await people('Ada', 'Bob', 'Cat', 'Dan', 'Eli');
    const stranger = await chat.person('Stranger');
    const c = await talk(ada, bob, cat);
    const code = async (reply: Promise<{ body: { code?: string } }>) => (await reply).body.code;
    expect(await code(propose(dan, c, eli))).toBe('channel.not_found');
    expect(await code(propose(ada, c, bob))).toBe('channel.already_member');
    expect(await code(propose(ada, c, stranger))).toBe('member.not_found');
    const { body: invitation } = await propose(ada, c, dan);
    expect(await code(answer(dan, c, invitation.id, 'accept'))).toBe('channel.not_found');
    expect(await code(answer(ada, c, newId.channel(), 'accept'))).toBe('direct_invitation.not_found');
    const elsewhere = await talk(ada, eli);
    expect(await code(answer(ada, elsewhere, invitation.id, 'accept'))).toBe('direct_invitation.not_found');
    const notes = await talk(ada, ada);
    expect(await code(propose(ada, notes, bob))).toBe('channel.direct_fixed');
    const room = await chat.channel(ada, w);
    expect(await code(propose(ada, room, bob))).toBe('channel.direct_only');
    expect(await code(as(ada, `GET /channels/${room}/direct-invitations`))).toBe('channel.direct_only');
    const crowd = await Promise.all(Array.from({ length: 8 }, (_, n) => chat.person(`N${n}`)));
    await chat.invite(owner, w, ...crowd);
    expect(await code(propose(ada, await talk(ada, ...crowd), bob))).toBe('channel.direct_full');
    const wrong = await as(ada, `POST /channels/${c}/direct-invitations`, { userId: 'x' });
    expect(wrong.body.errors?.[0]?.pointer).toBe('/userId');
  });

  it('guests propose only people they know', async () => {
    const [gus, bob, cat, dan] = await people('Gus', 'Bob', 'Cat', 'Dan');
    const c = await talk(bob, gus, cat);
    await client.query(
      `DELETE FROM chat.channel_members m USING chat.channels c WHERE c.id = m.channel_id AND c.kind = 'public' AND m.user_id = $1`,
      [gus.id],
    );
    await client.query(`UPDATE chat.workspace_members SET role = 'guest' WHERE user_id = $1`, [gus.id]);
    expect((await propose(gus, c, dan)).body.code).toBe('member.not_found');
    await talk(dan, gus);
    expect((await propose(gus, c, dan)).status).toBe(201);
  });

  it('people who come back to the workspace are in their conversations when somebody opens them', async () => {
    const [ada, bob] = await people('Ada', 'Bob');
    const c = await talk(ada, bob);
    await chat.send(ada, c, 'see you');
    await as(owner, `DELETE /workspaces/${w}/members/${bob.id}`);
    await client.query(`DELETE FROM chat.former_members WHERE user_id = $1`, [bob.id]);
    await chat.invite(owner, w, bob);
    expect((await as<ListedChannel>(bob, `GET /channels/${c}`)).body.code).toBe('channel.not_found');
    expect(await talk(bob, ada)).toBe(c);
    expect(await history(bob, c)).toEqual(['see you']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bootstrap, CreatedInvite, ListedChannel, Member, MyChannel, Page } from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('workspaces and channels', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let eve: Person;
  let w: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob, eve] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Eve')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
  });
  afterAll(() => chat.stop());

  const bootstrap = async (person: Person, id = w) =>
    (await chat.call<Bootstrap>(`GET /workspaces/${id}/bootstrap`, { token: person.token })).body;
  const members = async (channelId: string) =>
    (
      await chat.call<Page<{ user: { name: string } }>>(`GET /channels/${channelId}/members`, {
        token: ada.token,
      })
    ).body.data.map((member) => member.user.name);

  it('starts with #general, the owner and the bot', async () => {
    const fresh = await chat.workspace(eve);
    const state = await bootstrap(eve, fresh.id);
    expect(state.workspace.role).toBe('owner');
    expect(state.channels.map(({ channel }) => channel.name)).toEqual(['general']);
    expect(state.members.map((member) => member.role).sort()).toEqual(['bot', 'owner']);
    expect(state.cursor).toMatch(/^[0-9a-z]+-\d+$/);
  });

  it('brings whoever accepts an invite into the default channels, and says so once', async () => {
    const zoe = await chat.person('Zoe');
    const { body: invite } = await chat.call<CreatedInvite>(`POST /workspaces/${w}/invites`, {
      body: { maxUses: 1 },
      token: bob.token,
    });
    expect(invite.url).toBe(`https://chat.example/invite/${invite.token}`);
    expect((await chat.call(`GET /invites/${invite.token}`)).body).toMatchObject({
      workspaceName: 'Acme',
      invitedBy: 'Bob',
    });
    for (let i = 0; i < 2; i++) await chat.call(`POST /invites/${invite.token}/accept`, { token: zoe.token });
    expect((await bootstrap(zoe)).channels.map(({ channel }) => channel.name)).toEqual(['general']);
    await eventually(async () => {
      const joined = (await chat.events(w)).filter(
        (event) => event.type === 'member.joined' && event.data.user.id === zoe.id,
      );
      expect(joined.map((event) => event.channelId === null)).toEqual([true, false]);
    });
    expect((await chat.call(`POST /invites/${invite.token}/accept`, { token: eve.token })).body.code).toBe(
      'invite.expired',
    );
  });

  it('lets one of two in who use the last place of an invite at once', async () => {
    const { body: invite } = await chat.call<CreatedInvite>(`POST /workspaces/${w}/invites`, {
      body: { maxUses: 1 },
      token: ada.token,
    });
    const people = [await chat.person('X'), await chat.person('Y')];
    const replies = await Promise.all(
      people.map((person) => chat.call(`POST /invites/${invite.token}/accept`, { token: person.token })),
    );
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 410]);
  });

  it('revokes invites: their makers and admins do, others do not', async () => {
    const { body: invite } = await chat.call<CreatedInvite>(`POST /workspaces/${w}/invites`, {
      body: {},
      token: ada.token,
    });
    expect(
      (await chat.call(`DELETE /workspaces/${w}/invites/${invite.id}`, { token: bob.token })).body.code,
    ).toBe('permission.denied');
    expect((await chat.call(`GET /workspaces/${w}/invites`, { token: bob.token })).body.code).toBe(
      'permission.denied',
    );
    expect(
      (await chat.call(`DELETE /workspaces/${w}/invites/${invite.id}`, { token: ada.token })).status,
    ).toBe(204);
    expect((await chat.call(`POST /invites/${invite.token}/accept`, { token: eve.token })).body.code).toBe(
      'invite.expired',
    );
    expect((await chat.call(`GET /invites/${'x'.repeat(32)}`)).body.code).toBe('invite.not_found');
  });

  it('removes a member from the workspace and its channels; the last owner stays', async () => {
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    expect(
      (await chat.call(`DELETE /workspaces/${w}/members/${zed.id}`, { token: bob.token })).body.code,
    ).toBe('permission.denied');
    expect((await chat.call(`DELETE /workspaces/${w}/members/${zed.id}`, { token: ada.token })).status).toBe(
      204,
    );
    expect((await chat.call(`GET /workspaces/${w}`, { token: zed.token })).body.code).toBe(
      'workspace.not_found',
    );
    expect(
      (await chat.call(`DELETE /workspaces/${w}/members/${zed.id}`, { token: ada.token })).body.code,
    ).toBe('member.not_found');
    expect(
      (await chat.call(`DELETE /workspaces/${w}/members/${ada.id}`, { token: ada.token })).body.code,
    ).toBe('workspace.last_owner');
  });

  it('an invite dies with the membership of its maker', async () => {
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    const { body: invite } = await chat.call<CreatedInvite>(`POST /workspaces/${w}/invites`, {
      body: {},
      token: zed.token,
    });
    expect((await chat.call(`GET /invites/${invite.token}`)).status).toBe(200);
    await chat.call(`DELETE /workspaces/${w}/members/${zed.id}`, { token: ada.token });
    expect((await chat.call(`GET /invites/${invite.token}`)).body.code).toBe('invite.expired');
    expect((await chat.call(`POST /invites/${invite.token}/accept`, { token: zed.token })).body.code).toBe(
      'invite.expired',
    );
  });

  it('pages members by name', async () => {
    const names: string[] = [];
    let cursor = '';
    do {
      const { body } = await chat.call<Page<Member>>(`GET /workspaces/${w}/members?limit=2${cursor}`, {
        token: bob.token,
      });
      names.push(...body.data.map((member) => member.user.name));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(names.length);
    const wrong = await chat.call(`GET /workspaces/${w}/members?cursor=abc`, { token: bob.token });
    expect(wrong.body.errors?.[0]?.pointer).toBe('/query/cursor');
  });

  it('keeps channel names unique in a workspace, whoever comes first', async () => {
    const create = () =>
      chat.call(`POST /workspaces/${w}/channels`, {
        body: { name: 'Đà-Nẵng', kind: 'public' },
        token: bob.token,
      });
    const replies = await Promise.all([create(), create()]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 409]);
    expect(replies.find((reply) => reply.status === 201)?.body).toMatchObject({
      channel: { name: 'đà-nẵng' },
      role: 'admin',
    });
  });

  it('shows public channels to members of the workspace and lets them join and leave', async () => {
    const c = await chat.channel(ada, w);
    const listed = await chat.call<Page<ListedChannel>>(`GET /workspaces/${w}/channels?limit=200`, {
      token: bob.token,
    });
    expect(listed.body.data.find(({ channel }) => channel.id === c)?.membership).toBeNull();
    expect((await chat.call(`POST /channels/${c}/join`, { token: bob.token })).status).toBe(200);
    expect((await chat.call(`POST /channels/${c}/join`, { token: bob.token })).status).toBe(200);
    expect(await members(c)).toEqual(['Ada', 'Bob']);
    expect((await chat.call(`DELETE /channels/${c}/members/${ada.id}`, { token: bob.token })).body.code).toBe(
      'permission.denied',
    );
    expect((await chat.call(`DELETE /channels/${c}/members/${bob.id}`, { token: bob.token })).status).toBe(
      204,
    );
    expect(await members(c)).toEqual(['Ada']);
    expect((await chat.call(`DELETE /channels/${c}/members/${bob.id}`, { token: ada.token })).body.code).toBe(
      'member.not_found',
    );
  });

  it('hides private channels from those who were not added', async () => {
    const c = await chat.channel(ada, w, 'private');
    for (const route of [
      `GET /channels/${c}`,
      `POST /channels/${c}/join`,
      `GET /channels/${c}/messages`,
      `GET /channels/${c}/members`,
    ])
      expect((await chat.call(route, { token: bob.token })).body.code).toBe('channel.not_found');
    const listed = await chat.call<Page<ListedChannel>>(`GET /workspaces/${w}/channels?limit=200`, {
      token: bob.token,
    });
    expect(listed.body.data.map(({ channel }) => channel.id)).not.toContain(c);
    expect(
      (await chat.call(`POST /channels/${c}/members`, { body: { userId: bob.id }, token: ada.token })).status,
    ).toBe(201);
    expect((await chat.call(`GET /channels/${c}`, { token: bob.token })).status).toBe(200);
    expect(
      (await chat.call(`POST /channels/${c}/members`, { body: { userId: eve.id }, token: ada.token })).body
        .code,
    ).toBe('member.not_found');
  });

  it('opens one direct conversation for the same people, however often and from whichever side', async () => {
    const open = (from: Person, to: Person) =>
      chat.call<MyChannel>(`POST /workspaces/${w}/dms`, { body: { userIds: [to.id] }, token: from.token });
    const replies = await Promise.all([open(ada, bob), open(bob, ada), open(ada, bob)]);
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(new Set(replies.map((reply) => reply.body.channel.id)).size).toBe(1);
    const { channel } = replies[0].body;
    expect(channel.directUserIds?.slice().sort()).toEqual([ada.id, bob.id].sort());
    expect((await open(ada, eve)).body.code).toBe('member.not_found');
    expect(
      (await chat.call(`DELETE /channels/${channel.id}/members/${bob.id}`, { token: bob.token })).body.code,
    ).toBe('channel.direct_fixed');
    expect(
      (
        await chat.call(`POST /channels/${channel.id}/members`, {
          body: { userId: bob.id },
          token: ada.token,
        })
      ).body.code,
    ).toBe('channel.direct_fixed');
  });

  it('moves read cursors forward only, never past the newest message, and counts unread by them', async () => {
    const c = await chat.channel(ada, w);
    await chat.call(`POST /channels/${c}/join`, { token: bob.token });
    for (const text of ['one', 'two', 'three']) await chat.send(ada, c, text);
    const mine = async (person: Person) =>
      (await bootstrap(person)).channels.find(({ channel }) => channel.id === c);
    expect(await mine(bob)).toMatchObject({ channel: { lastSeq: 3 }, lastReadSeq: 0 });
    expect(await mine(ada)).toMatchObject({ channel: { lastSeq: 3 }, lastReadSeq: 3 });
    const move = async (seq: number) =>
      (
        await chat.call<{ lastReadSeq: number }>(`PUT /channels/${c}/read-cursor`, {
          body: { seq },
          token: bob.token,
        })
      ).body.lastReadSeq;
    expect([await move(2), await move(1), await move(99)]).toEqual([2, 2, 3]);
    await eventually(async () => {
      const moved = (await chat.events(w)).filter(
        (event) => event.type === 'read_cursor.updated' && event.data.channelId === c,
      );
      expect(moved.map((event) => event.type === 'read_cursor.updated' && event.data.lastReadSeq)).toEqual([
        2, 3,
      ]);
    });
  });

  it('who joins late has nothing unread', async () => {
    const c = await chat.channel(ada, w);
    await chat.send(ada, c, 'before');
    const { body } = await chat.call<MyChannel>(`POST /channels/${c}/join`, { token: bob.token });
    expect(body.lastReadSeq).toBe(1);
  });
});

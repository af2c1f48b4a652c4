import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Bootstrap, CreatedInvite, Member, MyChannel, MyWorkspace, Page } from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('former members', () => {
  let chat: RunningChat;
  let db: Client;
  let ada: Person;
  let bob: Person;
  let w: string;
  const call = <T = unknown>(person: Person, route: string, body?: unknown) =>
    chat.call<T>(route, { token: person.token, ...(body === undefined ? {} : { body }) });
  const remove = (by: Person, who: Person, id = w) => call(by, `DELETE /workspaces/${id}/members/${who.id}`);
  const deactivate = (by: Person, who: Person) =>
    call<Member>(by, `POST /workspaces/${w}/members/${who.id}/deactivate`);
  const reactivate = (by: Person, who: Person) =>
    call<Member>(by, `POST /workspaces/${w}/members/${who.id}/reactivate`);
  const roleOf = async (person: Person, id = w) =>
    (await call<MyWorkspace>(person, `GET /workspaces/${id}`)).body.role;
  const list = async (person: Person, query = '') =>
    (await call<Page<Member>>(person, `GET /workspaces/${w}/members?${query}`)).body;
  const names = async (person: Person, query = '') =>
    (await list(person, query)).data.map(({ user }) => user.name);
  const inviteFrom = async (by: Person) =>
    (await call<CreatedInvite>(by, `POST /workspaces/${w}/invites`, {})).body.token;
  const accept = (who: Person, token: string) => call(who, `POST /invites/${token}/accept`);
  beforeAll(async () => {
    chat = await RunningChat.start();
    db = new Client({ connectionString: chat.database.url });
    await db.connect();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
  });
  afterAll(async () => {
    await db?.end();
    await chat?.stop();
  });

  it('come back from deactivation as they were: role, channels, what they had read and set', async () => {
    const dana = await chat.person('Dana');
    await chat.invite(ada, w, dana);
    const secret = await chat.channel(ada, w, 'private');
    await call(ada, `POST /channels/${secret}/members`, { userId: dana.id });
    const { body: direct } = await call<MyChannel>(dana, `POST /workspaces/${w}/dms`, { userIds: [bob.id] });
    await chat.send(ada, secret, 'one');
    await call(dana, `PUT /channels/${secret}/read-cursor`, { seq: 1 });
    await call(dana, `PATCH /channels/${secret}/preferences`, { favourite: true });
    await call(dana, `PUT /channels/${secret}/draft`, { text: 'half a thought' });
    await chat.send(ada, secret, 'two');
    const state = async () => {
      const { channels } = (await call<Bootstrap>(dana, `GET /workspaces/${w}/bootstrap`)).body;
      return channels
        .map(({ channel, role, lastReadSeq, preferences }) => ({
          id: channel.id,
          role,
          lastReadSeq,
          preferences,
        }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    };
    const before = await state();
    expect((await deactivate(bob, dana)).body.code).toBe('permission.denied');
    expect((await deactivate(ada, dana)).body).toMatchObject({ state: 'deactivated', role: 'member' });
    expect((await call(dana, `GET /workspaces/${w}`)).body.code).toBe('workspace.not_found');
    expect((await call(dana, `GET /channels/${secret}/messages`)).body.code).toBe('channel.not_found');
    expect((await chat.send(dana, secret, 'x')).body.code).toBe('channel.not_found');
    expect(await names(bob, 'q=dana')).toEqual([]);
    expect(await names(bob, 'q=dana&state=deactivated')).toEqual(['Dana']);
    expect((await call<Member>(bob, `GET /workspaces/${w}/members/${dana.id}`)).body.state).toBe(
      'deactivated',
    );
    expect((await accept(dana, await inviteFrom(ada))).body.code).toBe('member.deactivated');
    expect((await deactivate(ada, dana)).body.code).toBe('member.not_found');
    await chat.send(ada, secret, 'three');
    expect((await reactivate(bob, dana)).body.code).toBe('permission.denied');
    expect((await reactivate(ada, dana)).body).not.toHaveProperty('state');
    expect((await reactivate(ada, dana)).body.code).toBe('member.not_deactivated');
    expect(await state()).toEqual(before);
    const drafts = await call<Page<{ text: string }>>(dana, `GET /workspaces/${w}/drafts`);
    expect(drafts.body.data.map(({ text }) => text)).toEqual(['half a thought']);
    expect(before.find(({ id }) => id === secret)).toMatchObject({
      lastReadSeq: 1,
      preferences: { favourite: true },
    });
    expect((await chat.send(dana, direct.channel.id, 'back')).status).toBe(201);
    await eventually(async () => {
      const about = (await chat.events(w)).filter(
        (event) =>
          (event.type === 'member.left' && event.data.userId === dana.id) ||
          (event.type === 'member.joined' && event.data.user.id === dana.id && event.channelId === null),
      );
      expect(about.map(({ type, data }) => [type, (data as { version?: number }).version])).toEqual([
        ['member.joined', 1],
        ['member.left', 2],
        ['member.joined', 3],
      ]);
      const returned = (await chat.events(w)).filter(
        (event) =>
          event.type === 'member.joined' && event.data.user.id === dana.id && event.channelId === secret,
      );
      expect(returned).toHaveLength(2);
    });
  });

  it('lose nothing that hangs on a membership: each such table is kept', async () => {
    const max = await chat.person('Max');
    await chat.invite(ada, w, max);
    await deactivate(ada, max);
    const { rows: kept } = await db.query<{ name: string }>(
      `SELECT jsonb_object_keys(kept) AS name FROM chat.former_members WHERE user_id = $1 ORDER BY 1`,
      [max.id],
    );
    const { rows: going } = await db.query<{ name: string }>(
      `SELECT DISTINCT c.relname AS name FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
       WHERE f.contype = 'f' AND f.confdeltype = 'c'
         AND f.confrelid IN ('chat.workspace_members'::regclass, 'chat.channel_members'::regclass) ORDER BY 1`,
    );
    expect(kept).toEqual(going);
  });

  it('who left start anew but for their direct conversations, which have their history', async () => {
    const lea = await chat.person('Lea');
    await chat.invite(ada, w, lea);
    const c = await chat.channel(ada, w);
    await call(lea, `POST /channels/${c}/join`);
    const open = () => call<MyChannel>(lea, `POST /workspaces/${w}/dms`, { userIds: [bob.id] });
    const direct = (await open()).body.channel.id;
    await chat.send(lea, direct, 'remember');
    expect((await remove(lea, lea)).status).toBe(204);
    expect(await names(bob, 'q=lea&state=left')).toEqual(['Lea']);
    await chat.invite(ada, w, lea);
    expect((await open()).body.channel.id).toBe(direct);
    const { body } = await call<{ data: { text: string }[] }>(lea, `GET /channels/${direct}/messages`);
    expect(body.data.map(({ text }) => text)).toEqual(['remember']);
    const { channels } = (await call<Bootstrap>(lea, `GET /workspaces/${w}/bootstrap`)).body;
    expect(channels.map(({ channel }) => channel.id)).not.toContain(c);
    expect(channels.map(({ channel }) => channel.name)).toContain('general');
  });

  it('who were removed need an invite that an admin made afterwards', async () => {
    const rex = await chat.person('Rex');
    await chat.invite(ada, w, rex);
    const old = await inviteFrom(ada);
    expect((await remove(ada, rex)).status).toBe(204);
    const member = await inviteFrom(bob);
    for (const token of [old, member]) expect((await accept(rex, token)).body.code).toBe('member.removed');
    expect((await reactivate(ada, rex)).body.code).toBe('member.not_deactivated');
    expect((await accept(rex, await inviteFrom(ada))).status).toBe(200);
    expect(await roleOf(rex)).toBe('member');
  });

  it('are not let in twice or half by an invite while they are removed', async () => {
    const sam = await chat.person('Sam');
    await chat.invite(ada, w, sam);
    for (let round = 0; round < 5; round++) {
      const token = await inviteFrom(ada);
      await Promise.all([remove(ada, sam), accept(sam, token), accept(sam, token)]);
      const { rows } = await db.query(
        `SELECT 'in' AS at FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2
         UNION ALL SELECT 'out' FROM chat.former_members WHERE workspace_id = $1 AND user_id = $2`,
        [w, sam.id],
      );
      expect(rows).toHaveLength(1);
      await chat.invite(ada, w, sam);
    }
  });
});

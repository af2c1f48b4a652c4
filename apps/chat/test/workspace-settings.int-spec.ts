import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { JoinableWorkspace, MyWorkspace, Page, WorkspaceRole } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe("a workspace's settings", () => {
  let chat: RunningChat;
  let db: Client;
  let ada: Person;
  let bob: Person;
  let w: string;
  const call = <T = unknown>(person: Person, route: string, body?: unknown, headers = {}) =>
    chat.call<T>(route, { token: person.token, headers, ...(body === undefined ? {} : { body }) });
  const set = (by: Person, body: object, headers = {}, id = w) =>
    call<MyWorkspace>(by, `PATCH /workspaces/${id}`, body, headers);
  const give = (who: Person, role: WorkspaceRole) =>
    call(ada, `PATCH /workspaces/${w}/members/${who.id}`, { role });
  const verify = (person: Person, email: string) =>
    db.query('UPDATE chat.users SET email = $2, email_verified_at = now() WHERE id = $1', [person.id, email]);

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

  it('are changed by admins in parts, told to everyone, and the same again is no change', async () => {
    const change = {
      name: 'Ajax',
      branding: { primary: '#AABBCC', accent: '#000000' },
      whoMay: { invite: 'admins' },
      retentionDays: 30,
      allowedDomains: ['B.example', 'a.example', 'b.example'],
    };
    const { body } = await set(ada, change);
    expect(body).toMatchObject({
      name: 'Ajax',
      branding: { primary: '#aabbcc', accent: '#000000' },
      whoMay: { createChannels: 'everyone', invite: 'admins', mentionChannel: 'everyone' },
      retentionDays: 30,
      allowedDomains: ['a.example', 'b.example'],
      version: 2,
    });
    expect((await set(ada, change)).body.version).toBe(2);
    expect((await set(ada, { retentionDays: null, whoMay: { invite: 'everyone' } })).body.version).toBe(3);
    expect((await set(bob, { name: 'Mine' })).body.code).toBe('permission.denied');
    await eventually(async () => {
      const told = (await chat.events(w)).filter((event) => event.type === 'workspace.updated');
      expect(told.map(({ data }) => data.workspace.version)).toEqual([2, 3]);
      const {
        role: _,
        customRoleId: __,
        permissions: ___,
        ...workspace
      } = (await call<MyWorkspace>(bob, `GET /workspaces/${w}`)).body;
      expect(told.at(-1)?.data.workspace).toEqual(workspace);
    });
    expect(await chat.subjects(w)).toContain(`workspace.${w}.workspace.updated`);
  });

  it('are changed by one of two who read the same version', async () => {
    const tag = (await call(ada, `GET /workspaces/${w}`)).headers['etag'] as string;
    const replies = await Promise.all(
      ['One', 'Two', 'Three'].map((name) => set(ada, { name }, { 'if-match': tag })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect(replies.find(({ status }) => status === 412)?.body.code).toBe('precondition.failed');
    const { headers } = replies.find(({ status }) => status === 200) as (typeof replies)[number];
    expect((await set(ada, { name: 'Four' }, { 'if-match': headers['etag'] as string })).status).toBe(200);
    expect((await set(ada, { name: 'Five' }, { 'if-match': '*' })).status).toBe(200);
    expect((await set(ada, { name: 'Six' })).status).toBe(200);
  });

  it.each([
    ['/name', { name: '\u200b' }],
    ['/name', { name: 'a\u202eb' }],
    ['/branding/primary', { branding: { primary: 'red', accent: '#000000' } }],
    ['/whoMay/invite', { whoMay: { invite: 'nobody' } }],
    ['/retentionDays', { retentionDays: 0 }],
    ['/allowedDomains/0', { allowedDomains: ['a@b.example'] }],
    ['/iconImageId', { iconImageId: 'x' }],
  ])('are refused at %s when it is wrong', async (pointer, body) => {
    const pointers = (await set(ada, body)).body.errors?.map((error) => error.pointer);
    expect([...new Set(pointers)]).toEqual([pointer]);
  });

  it('have an icon only of an image that one may use', async () => {
    expect((await set(ada, { iconImageId: newId.message() })).body.code).toBe('image.not_found');
    expect((await set(ada, { iconImageId: null })).status).toBe(200);
  });

  it('decide who may create channels and invite; admins always may', async () => {
    const tries = async (person: Person) => [
      (await call(person, `POST /workspaces/${w}/channels`, { name: `c-${randomUUID()}`, kind: 'public' }))
        .status,
      (await call(person, `POST /workspaces/${w}/invites`, {})).status,
    ];
    expect(await tries(bob)).toEqual([201, 201]);
    await set(ada, { whoMay: { createChannels: 'admins', invite: 'admins' } });
    expect(await tries(bob)).toEqual([403, 403]);
    expect((await call<MyWorkspace>(bob, `GET /workspaces/${w}`)).body.permissions).not.toContain(
      'channel.create',
    );
    await give(bob, 'admin');
    expect(await tries(bob)).toEqual([201, 201]);
    await give(bob, 'member');
    await set(ada, { whoMay: { createChannels: 'everyone', invite: 'everyone' } });
  });

  it('decide who may call a whole channel', async () => {
    const c = await chat.channel(ada, w);
    await call(bob, `POST /channels/${c}/join`);
    expect((await chat.send(bob, c, 'hello @channel')).status).toBe(201);
    await set(ada, { whoMay: { mentionChannel: 'admins' } });
    expect((await chat.send(bob, c, 'hello @channel')).body.code).toBe('permission.denied');
    expect((await chat.send(ada, c, 'hello @channel')).status).toBe(201);
  });

  it('let people join by the domain of a verified address, and nobody else', async () => {
    const domain = `d${Date.now()}.example`;
    const [eve, unverified, foreign] = [
      await chat.person('Eve'),
      await chat.person('U'),
      await chat.person('F'),
    ];
    await verify(eve, `eve@${domain}`);
    await verify(foreign, `f@sub.${domain}`);
    await db.query('UPDATE chat.users SET email = $2, email_verified_at = NULL WHERE id = $1', [
      unverified.id,
      `u@${domain}`,
    ]);
    const joinable = async (person: Person) =>
      (await call<Page<JoinableWorkspace>>(person, 'GET /workspaces/joinable')).body.data.map(({ id }) => id);
    const join = (person: Person) => call<MyWorkspace>(person, `POST /workspaces/${w}/join`);
    expect((await join(eve)).body.code).toBe('workspace.not_found');
    await set(ada, { allowedDomains: [domain] });
    expect([await joinable(eve), await joinable(unverified), await joinable(foreign)]).toEqual([[w], [], []]);
    for (const person of [unverified, foreign])
      expect((await join(person)).body.code).toBe('workspace.not_found');
    const replies = await Promise.all([join(eve), join(eve), join(eve)]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(replies[0]?.body.role).toBe('member');
    expect(await joinable(eve)).toEqual([]);
    await call(ada, `DELETE /workspaces/${w}/members/${eve.id}`);
    expect(await joinable(eve)).toEqual([]);
    expect((await join(eve)).body.code).toBe('member.removed');
    await eventually(async () => {
      const entered = (await chat.events(w)).filter(
        (event) =>
          event.type === 'member.joined' && event.data.user.id === eve.id && event.channelId === null,
      );
      expect(entered).toHaveLength(1);
    });
  });

  it('end with the workspace: its owner deletes it, by its name, and all of it goes', async () => {
    const { id, name } = await chat.workspace(ada);
    await chat.invite(ada, id, bob);
    await call(ada, `PATCH /workspaces/${id}/members/${bob.id}`, { role: 'admin' });
    const c = await chat.channel(ada, id);
    await chat.send(ada, c, 'gone zebra');
    const { body: invite } = await call<{ token: string }>(ada, `POST /workspaces/${id}/invites`, {});
    const kept = await chat.channel(ada, w);
    await chat.send(ada, kept, 'stays zebra');
    const remove = (by: Person, confirmation: string) =>
      call(by, `DELETE /workspaces/${id}?name=${encodeURIComponent(confirmation)}`);
    expect((await remove(bob, name)).body.code).toBe('permission.denied');
    expect((await remove(ada, 'Acmé')).body.errors?.[0]?.pointer).toBe('/query/name');
    const replies = await Promise.all([remove(ada, name), remove(ada, name)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 404]);
    for (const person of [ada, bob]) {
      expect((await call(person, `GET /workspaces/${id}`)).body.code).toBe('workspace.not_found');
      expect((await call(person, `GET /channels/${c}/messages`)).body.code).toBe('channel.not_found');
    }
    expect((await call(bob, `POST /invites/${invite.token}/accept`)).body.code).toBe('invite.not_found');
    await eventually(async () => {
      expect((await chat.events(id)).at(-1)).toMatchObject({
        type: 'workspace.deleted',
        data: { workspaceId: id },
      });
    });
    await eventually(
      async () => {
        for (const table of [
          'workspaces WHERE id',
          'messages WHERE workspace_id',
          'channels WHERE workspace_id',
        ])
          expect((await db.query(`SELECT 1 FROM chat.${table} = $1`, [id])).rows).toEqual([]);
      },
      { timeoutMs: 15_000 },
    );
    expect((await call<{ data: unknown[] }>(ada, `GET /channels/${kept}/messages`)).body.data).toHaveLength(
      1,
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { BulkVerdicts, Member, Page, WorkspaceRole } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('members', () => {
  let chat: RunningChat;
  let db: Client;
  let ada: Person;
  let bob: Person;
  let cleo: Person;
  let w: string;
  const call = <T = unknown>(person: Person, route: string, body?: unknown) =>
    chat.call<T>(route, { token: person.token, ...(body === undefined ? {} : { body }) });
  const give = (by: Person, who: Person, role: WorkspaceRole, id = w) =>
    call<Member>(by, `PATCH /workspaces/${id}/members/${who.id}`, { role });
  const remove = (by: Person, who: Person, id = w) => call(by, `DELETE /workspaces/${id}/members/${who.id}`);
  const deactivate = (by: Person, who: Person) =>
    call<Member>(by, `POST /workspaces/${w}/members/${who.id}/deactivate`);
  const list = async (person: Person, query = '') =>
    (await call<Page<Member>>(person, `GET /workspaces/${w}/members?${query}`)).body;
  const names = async (person: Person, query = '') =>
    (await list(person, query)).data.map(({ user }) => user.name);
  beforeAll(async () => {
    chat = await RunningChat.start();
    db = new Client({ connectionString: chat.database.url });
    await db.connect();
    [ada, bob, cleo] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Cleo')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cleo);
  });
  afterAll(async () => {
    await db?.end();
    await chat?.stop();
  });

  it('get another role from those who may, and everyone hears it with a growing version', async () => {
    const zoe = await chat.person('Zoe');
    await chat.invite(ada, w, zoe);
    expect((await give(ada, zoe, 'admin')).body).toMatchObject({ user: { id: zoe.id }, role: 'admin' });
    expect((await give(zoe, bob, 'guest')).body.role).toBe('guest');
    expect((await give(zoe, bob, 'member')).body.role).toBe('member');
    // The same again is no change.
    await give(zoe, bob, 'member');
    await eventually(async () => {
      const changes = (await chat.events(w)).filter(({ type }) => type === 'member.role_changed');
      expect(changes.map(({ data }) => data)).toEqual([
        { userId: zoe.id, role: 'admin', customRoleId: null, version: 2 },
        { userId: bob.id, role: 'guest', customRoleId: null, version: 2 },
        { userId: bob.id, role: 'member', customRoleId: null, version: 3 },
      ]);
    });
    expect(await chat.subjects(w)).toContain(`workspace.${w}.member.role_changed`);
  });

  it('are not changed by those who may not, or by those below them', async () => {
    const admin = await chat.person('Adm');
    await chat.invite(ada, w, admin);
    await give(ada, admin, 'admin');
    const denied = 'permission.denied';
    expect((await give(bob, cleo, 'guest')).body.code).toBe(denied);
    expect((await give(bob, bob, 'admin')).body.code).toBe(denied);
    expect((await give(admin, ada, 'member')).body.code).toBe(denied);
    expect((await give(admin, bob, 'owner')).body.code).toBe(denied);
    expect((await remove(admin, ada)).body.code).toBe(denied);
    expect((await deactivate(admin, ada)).body.code).toBe(denied);
    expect((await call(admin, `POST /workspaces/${w}/transfer`, { userId: bob.id })).body.code).toBe(denied);
    expect((await give(ada, { ...bob, id: newId.user() }, 'guest')).body.code).toBe('member.not_found');
    const bot = (await list(ada, 'role=bot')).data[0]?.user.id as string;
    expect((await give(ada, { ...bob, id: bot }, 'guest')).body.code).toBe(denied);
    const wrong = await call(ada, `PATCH /workspaces/${w}/members/${bob.id}`, {
      role: 'guest',
      customRoleId: newId.user(),
    });
    expect(wrong.body.errors?.[0]?.pointer).toBe('/customRoleId');
    expect((await call(ada, `PATCH /workspaces/${w}/members/${bob.id}`, { role: 'bot' })).body.code).toBe(
      'request.invalid',
    );
  });

  it('of several channels do not become guests of a single one', async () => {
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    const c = await chat.channel(ada, w);
    await call(zed, `POST /channels/${c}/join`);
    expect((await give(ada, zed, 'single_channel_guest')).body.code).toBe('member.single_channel');
    await call(zed, `DELETE /channels/${c}/members/${zed.id}`);
    expect((await give(ada, zed, 'single_channel_guest')).status).toBe(200);
  });

  it('are listed by name without regard to case and accents, by role, and by how the name begins', async () => {
    for (const name of ['Đặng Văn', 'dao', 'Étienne', 'etta']) {
      const person = await chat.person();
      await call(person, 'PATCH /me', { name });
      await chat.invite(ada, w, person);
    }
    const all = await names(ada, 'limit=200');
    const key = (name: string) =>
      name
        .normalize('NFKD')
        .replaceAll(/[\u0300-\u036f]/g, '')
        .toLowerCase()
        .replaceAll('đ', 'd');
    expect(all).toEqual([...all].sort((a, b) => (key(a) < key(b) ? -1 : 1)));
    expect(await names(bob, 'q=DA')).toEqual(['Đặng Văn', 'dao']);
    expect(await names(bob, `q=${encodeURIComponent('ét')}`)).toEqual(['Étienne', 'etta']);
    expect(await names(bob, 'q=zzz')).toEqual([]);
    expect(await names(bob, `q=${encodeURIComponent('%')}`)).toEqual([]);
    expect(await names(bob, 'role=owner')).toEqual(['Ada']);
    const paged: string[] = [];
    let cursor = '';
    do {
      const page = await list(bob, `limit=3${cursor}`);
      paged.push(...page.data.map(({ user }) => user.name));
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : '';
    } while (cursor);
    expect(paged).toEqual(all);
    expect((await call(bob, `GET /workspaces/${w}/members?role=x`)).body.errors?.[0]?.pointer).toBe(
      '/query/role',
    );
  });

  it('move in the list when they change their name', async () => {
    const person = await chat.person('Yara');
    await chat.invite(ada, w, person);
    await call(person, 'PATCH /me', { name: 'Älva' });
    expect(await names(ada, 'q=alv')).toEqual(['Älva']);
    expect(await names(ada, 'q=yar')).toEqual([]);
  });

  it('are changed in bulk with a verdict each; one who cannot be stops nobody', async () => {
    const people = await Promise.all(['Q1', 'Q2', 'Q3'].map((name) => chat.person(name)));
    await chat.invite(ada, w, ...people);
    const ids = people.map(({ id }) => id);
    const stranger = newId.user();
    const bulk = (by: Person, body: object) =>
      call<BulkVerdicts>(by, `POST /workspaces/${w}/members/bulk`, body);
    const verdicts = async (body: object) => (await bulk(ada, body)).body.verdicts.map(({ code }) => code);
    expect(await verdicts({ action: 'change_role', role: 'admin', userIds: [...ids, stranger] })).toEqual([
      null,
      null,
      null,
      'member.not_found',
    ]);
    expect(await verdicts({ action: 'deactivate', userIds: [ids[0], ada.id, ids[0]] })).toEqual([
      null,
      'workspace.last_owner',
      null,
    ]);
    expect((await bulk(bob, { action: 'deactivate', userIds: ids })).body.code).toBe('permission.denied');
    expect((await bulk(ada, { action: 'deactivate', userIds: [] })).body.errors?.[0]?.pointer).toBe(
      '/userIds',
    );
    const missing = { action: 'change_role', role: 'member', customRoleId: newId.user(), userIds: ids };
    expect((await bulk(ada, missing)).body.code).toBe('role.not_found');
    const many = Array.from({ length: 1001 }, () => stranger);
    expect((await bulk(ada, { action: 'deactivate', userIds: many })).body.code).toBe('request.invalid');
  });

  it('are paged by index among 50,000', async () => {
    await db.query('BEGIN');
    await db.query(
      `INSERT INTO chat.users (id, kind, name, email, password_hash, created_at)
       SELECT gen_random_uuid(), 'user', 'Person ' || n, 'p' || n || '@many.example', 'x', now()
       FROM generate_series(1, 50000) n`,
    );
    await db.query(
      `INSERT INTO chat.workspace_members (workspace_id, user_id, role, joined_at)
       SELECT $1, id, 'member', now() FROM chat.users WHERE email LIKE '%@many.example'`,
      [w],
    );
    await db.query('ANALYZE chat.workspace_members');
    const plan = async (where: string) =>
      (
        await db.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT w.user_id FROM chat.workspace_members w JOIN chat.users u ON u.id = w.user_id
           WHERE w.workspace_id = '${w}' ${where} ORDER BY w.name_key, w.user_id LIMIT 51`,
        )
      ).rows
        .map((row) => row['QUERY PLAN'])
        .join('\n');
    const prefix = `AND w.name_key >= chat.name_key('pers') AND w.name_key < chat.name_key('pers') || chr(1114111)`;
    const after = `AND (w.name_key, w.user_id) > ('person 3', '${newId.user()}')`;
    for (const where of ['', after, `${after} ${prefix}`, `AND w.role = 'member' ${after} ${prefix}`]) {
      const text = await plan(where);
      expect(text).toMatch(/Index (Only )?Scan using workspace_members_by_(name|role)/);
      expect(text).not.toMatch(/Sort|Seq Scan/);
    }
    await db.query('ROLLBACK');
  });
});

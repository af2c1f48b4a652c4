import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type {
  Bootstrap,
  BulkVerdicts,
  CreatedInvite,
  Member,
  MyChannel,
  MyWorkspace,
  Page,
  WorkspaceRole,
} from '#contracts';
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
  /** A workspace of its own, with as many owners. */
  const owned = async (owners: number) => {
    const people = await Promise.all(Array.from({ length: owners }, (_, n) => chat.person(`Owner${n}`)));
    const [first, ...others] = people as [Person, ...Person[]];
    const { id } = await chat.workspace(first);
    await chat.invite(first, id, ...others);
    for (const other of others) await give(first, other, 'owner', id);
    return { id, people };
  };
  const countOwners = async (id: string) =>
    (
      await db.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM chat.workspace_members WHERE workspace_id = $1 AND role = 'owner'`,
        [id],
      )
    ).rows[0]?.n;

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

  it('come back from deactivation as they were: role, channels, what they had read and set', async () => {
    const dana = await chat.person('Dana');
    await chat.invite(ada, w, dana);
    const secret = await chat.channel(ada, w, 'private');
    await call(ada, `POST /channels/${secret}/members`, { userId: dana.id });
    const { body: direct } = await call<MyChannel>(dana, `POST /workspaces/${w}/dms`, { userIds: [bob.id] });
    await chat.send(ada, secret, 'one');
    await call(dana, `PUT /channels/${secret}/read-cursor`, { seq: 1 });
    await call(dana, `PATCH /channels/${secret}/preferences`, { favourite: true });
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

  it('hand over a workspace: the other is owner, the first an admin', async () => {
    const { id, people } = await owned(1);
    const [first] = people as [Person];
    const next = await chat.person('Next');
    expect((await call(first, `POST /workspaces/${id}/transfer`, { userId: next.id })).body.code).toBe(
      'member.not_found',
    );
    await chat.invite(first, id, next);
    expect(
      (await call<MyWorkspace>(first, `POST /workspaces/${id}/transfer`, { userId: next.id })).body.role,
    ).toBe('admin');
    expect([await roleOf(first, id), await roleOf(next, id)]).toEqual(['admin', 'owner']);
    expect((await call(first, `POST /workspaces/${id}/transfer`, { userId: first.id })).body.code).toBe(
      'permission.denied',
    );
  });

  it('keep an owner whatever all owners do to each other at once', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, people } = await owned(3);
      const [a, b, c] = people as [Person, Person, Person];
      const replies = await Promise.all([
        give(a, b, 'member', id),
        remove(b, a, id),
        give(c, c, 'admin', id),
        remove(c, b, id),
        call(b, `POST /workspaces/${id}/members/${c.id}/deactivate`),
        call(a, `POST /workspaces/${id}/transfer`, { userId: c.id }),
        remove(a, a, id),
        give(b, b, 'guest', id),
        give(c, a, 'member', id),
      ]);
      expect(replies.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
      expect(await countOwners(id)).toBeGreaterThanOrEqual(1);
    }
  });

  it('two owners who demote each other at once: one does, the other no longer can', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, people } = await owned(2);
      const [a, b] = people as [Person, Person];
      const replies = await Promise.all([give(a, b, 'member', id), give(b, a, 'member', id)]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 403]);
      expect(await countOwners(id)).toBe(1);
    }
  });

  it('two admins who remove each other at once: one stays', async () => {
    const { id, people } = await owned(1);
    const [owner] = people as [Person];
    const [x, y] = [await chat.person('X'), await chat.person('Y')];
    await chat.invite(owner, id, x, y);
    for (const admin of [x, y]) await give(owner, admin, 'admin', id);
    const replies = await Promise.all([remove(x, y, id), remove(y, x, id)]);
    expect(replies.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
    const left = await Promise.all([x, y].map((person) => roleOf(person, id)));
    expect(left.filter((role) => role === 'admin')).toHaveLength(1);
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

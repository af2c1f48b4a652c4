import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MAX_GROUP_MEMBERS, type Bootstrap, type Group, type GroupMember, type Page } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person, type Reply } from './running-chat.js';

describe('user groups', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  let cleo: Person;
  let gus: Person;
  let eve: Person;
  let w: string;
  let c: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob, cleo, gus, eve] = [
      await chat.person('Ada'),
      await chat.person('Bob'),
      await chat.person('Cleo'),
      await chat.person('Gus'),
      await chat.person('Eve'),
    ];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cleo, gus);
    c = await chat.channel(ada, w);
    for (const person of [bob, cleo, gus])
      await chat.call(`POST /channels/${c}/join`, { token: person.token });
    await client.query(`UPDATE chat.workspace_members SET role = 'guest' WHERE user_id = $1`, [gus.id]);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const create = (person: Person, body: object) =>
    chat.call<Group>(`POST /workspaces/${w}/groups`, { body, token: person.token });
  const crew = async (handle: string, ...people: Person[]) =>
    (await create(ada, { handle, name: 'The crew', userIds: people.map(({ id }) => id) })).body;
  const change = (person: Person, group: Group, body: object) =>
    chat.call<Group>(`PATCH /workspaces/${w}/groups/${group.id}`, { body, token: person.token });
  const remove = (person: Person, group: Group) =>
    chat.call(`DELETE /workspaces/${w}/groups/${group.id}`, { token: person.token });
  const add = (person: Person, group: Group, userIds: string[]) =>
    chat.call<Group>(`POST /workspaces/${w}/groups/${group.id}/members`, {
      body: { userIds },
      token: person.token,
    });
  const takeOut = (person: Person, group: Group, userId: string) =>
    chat.call(`DELETE /workspaces/${w}/groups/${group.id}/members/${userId}`, { token: person.token });
  const list = (person: Person, query = '') =>
    chat.call<Page<Group>>(`GET /workspaces/${w}/groups${query}`, { token: person.token });
  const people = (person: Person, group: Group, query = '') =>
    chat.call<Page<GroupMember>>(`GET /workspaces/${w}/groups/${group.id}/members${query}`, {
      token: person.token,
    });
  const bootstrap = async (person: Person) =>
    (await chat.call<Bootstrap>(`GET /workspaces/${w}/bootstrap`, { token: person.token })).body;
  const mentions = async (person: Person) =>
    (await bootstrap(person)).channels.find((my) => my.channel.id === c)?.mentionSeqs;
  const sorted = (...persons: Person[]) => persons.map(({ id }) => id).sort();
  const codes = (replies: Reply[]) => replies.map(({ body }) => body.code ?? 'ok').sort();
  const eventsOf = async (group: Group) =>
    (await chat.events(w)).flatMap((event) =>
      (event.type === 'group.updated' && event.data.group.id === group.id) ||
      (event.type === 'group.deleted' && event.data.groupId === group.id)
        ? [event]
        : [],
    );

  it('are made of people, listed by handle, and told whole with each change', async () => {
    const group = await crew('ops', cleo, bob);
    expect(group).toMatchObject({ handle: 'ops', disabled: false, memberIds: sorted(bob, cleo), version: 1 });
    await crew('aces');
    const first = await list(bob, '?limit=1');
    expect(first.body.data.map(({ handle }) => handle)).toEqual(['aces']);
    expect((await list(bob, `?limit=1&cursor=${first.body.nextCursor}`)).body).toEqual({
      data: [group],
      nextCursor: null,
    });
    const renamed = (await change(ada, group, { handle: 'operations', description: 'They run it' })).body;
    expect(renamed).toEqual({ ...group, handle: 'operations', description: 'They run it', version: 2 });
    expect((await change(ada, group, { handle: 'operations' })).body).toEqual(renamed);
    const grown = (await add(ada, group, [ada.id, bob.id])).body;
    expect(grown).toEqual({ ...renamed, memberIds: sorted(ada, bob, cleo), version: 3 });
    expect((await add(ada, group, [bob.id])).body).toEqual(grown);
    expect((await takeOut(ada, group, bob.id)).status).toBe(204);
    expect((await takeOut(ada, group, bob.id)).body.code).toBe('member.not_found');
    const { body: page } = await people(bob, group, '?limit=1');
    expect(page.data.map(({ user }) => user.name)).toEqual(['Ada']);
    expect(
      (await people(bob, group, `?cursor=${page.nextCursor}`)).body.data.map(({ user }) => user.name),
    ).toEqual(['Cleo']);
    expect((await remove(ada, group)).status).toBe(204);
    expect((await remove(ada, group)).body.code).toBe('group.not_found');
    await eventually(async () => {
      const told = (await eventsOf(group)).map((event) =>
        event.type === 'group.updated' ? event.data.group : event.type,
      );
      expect(told).toEqual([
        group,
        renamed,
        grown,
        { ...grown, memberIds: sorted(ada, cleo), version: 4 },
        'group.deleted',
      ]);
    });
    const subjects = (await chat.subjects(w)).filter((subject) => subject.includes('.group.'));
    expect(new Set(subjects)).toEqual(new Set([`members.${w}.group.updated`, `members.${w}.group.deleted`]));
  });

  it('call their members when they are mentioned, and nobody else', async () => {
    const group = await crew('callers', bob);
    expect([(await bootstrap(bob)).groupIds, (await bootstrap(cleo)).groupIds]).toEqual([[group.id], []]);
    const { body: message } = await chat.send(ada, c, `<@&${group.id}> please look`);
    expect(message.mentions).toEqual([{ kind: 'group', id: group.id }]);
    expect([await mentions(bob), await mentions(cleo), await mentions(ada)]).toEqual([[message.seq], [], []]);
    await change(ada, group, { disabled: true });
    expect([await mentions(bob), (await bootstrap(bob)).groupIds]).toEqual([[], []]);
    await change(ada, group, { disabled: false });
    expect(await mentions(bob)).toEqual([message.seq]);
    await takeOut(ada, group, bob.id);
    expect(await mentions(bob)).toEqual([]);
  });

  it('are changed by admins, seen by members, and hidden from guests and strangers', async () => {
    const group = await crew('guarded', bob);
    const tries = (person: Person) =>
      Promise.all([
        create(person, { handle: 'mine', name: 'Mine' }),
        change(person, group, { name: 'Mine' }),
        remove(person, group),
        add(person, group, [person.id]),
        takeOut(person, group, bob.id),
      ]);
    expect(codes(await tries(bob))).toEqual(Array(5).fill('permission.denied'));
    expect(codes(await tries(gus))).toEqual(Array(5).fill('permission.denied'));
    expect(codes(await tries(eve))).toEqual(Array(5).fill('workspace.not_found'));
    expect(codes([await list(bob), await people(bob, group)])).toEqual(['ok', 'ok']);
    expect(codes([await list(gus), await people(gus, group)])).toEqual(Array(2).fill('permission.denied'));
    expect(codes([await list(eve), await people(eve, group)])).toEqual(Array(2).fill('workspace.not_found'));
  });

  it('are of members of the workspace, and not of guests', async () => {
    const group = await crew('strict');
    for (const outsider of [eve.id, gus.id, newId.user()]) {
      const reply = await add(ada, group, [bob.id, outsider]);
      expect([reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual(['member.not_found', '/userIds/1']);
    }
    expect((await people(ada, group)).body.data).toEqual([]);
    const refused = await create(ada, { handle: 'never', name: 'Never', userIds: [eve.id] });
    expect(refused.body.code).toBe('member.not_found');
    expect((await create(ada, { handle: 'never', name: 'Now' })).status).toBe(201);
  });

  it('have a handle each, also when two are made at once', async () => {
    const replies = await Promise.all([1, 2, 3].map(() => create(ada, { handle: 'race', name: 'Race' })));
    expect(codes(replies)).toEqual(['group.handle_taken', 'group.handle_taken', 'ok']);
    const other = await crew('no-race');
    expect((await change(ada, other, { handle: 'race' })).body.code).toBe('group.handle_taken');
    const elsewhere = (await chat.workspace(ada)).id;
    const same = await chat.call(`POST /workspaces/${elsewhere}/groups`, {
      body: { handle: 'race', name: 'Race' },
      token: ada.token,
    });
    expect(same.status).toBe(201);
    expect(
      (
        await chat.call(`PATCH /workspaces/${elsewhere}/groups/${other.id}`, {
          body: { name: 'x' },
          token: ada.token,
        })
      ).body.code,
    ).toBe('group.not_found');
  });

  it.each([
    [{ handle: 'here', name: 'x' }, '/handle'],
    [{ handle: 'Ops', name: 'x' }, '/handle'],
    [{ handle: 'fine', name: '\u200B' }, '/name'],
    [{ handle: 'fine', name: 'a\u202Eb' }, '/name'],
    [{ handle: 'fine', name: 'x', description: 'x'.repeat(251) }, '/description'],
    [{ handle: 'fine', name: 'x', userIds: ['bob'] }, '/userIds/0'],
    [{ handle: 'fine', name: 'x', color: 'red' }, '/color'],
  ])('are refused when made like %j', async (body, pointer) => {
    const reply = await create(ada, body);
    expect([reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual(['request.invalid', pointer]);
  });

  const member = (who: Person, change: string, body?: object) => {
    const [method, rest = ''] = change.split(' ');
    return chat.call(`${method} /workspaces/${w}/members/${who.id}${rest}`, { body, token: ada.token });
  };
  it.each([
    ['leaves', (who: Person) => chat.call(`DELETE /workspaces/${w}/members/${who.id}`, { token: who.token })],
    ['is removed', (who: Person) => member(who, 'DELETE')],
    ['is deactivated', (who: Person) => member(who, 'POST /deactivate')],
    ['becomes a guest', (who: Person) => member(who, 'PATCH', { role: 'guest' })],
    [
      'deletes their account',
      (who: Person) =>
        chat.call('POST /me/deletion', { body: { password: 'correct horse' }, token: who.token }),
    ],
  ])('lose whoever %s, and tell so before that is told', async (how, act) => {
    const dora = await chat.person('Dora');
    await chat.invite(ada, w, dora);
    const handle = how.replaceAll(' ', '-');
    const [one, other] = [await crew(`${handle}-1`, bob, dora), await crew(`${handle}-2`, dora)];
    const untouched = await crew(`${handle}-3`, bob);
    expect((await act(dora)).status).toBeLessThan(300);
    const now = new Map((await list(ada)).body.data.map((group) => [group.id, group]));
    expect(now.get(one.id)).toEqual({ ...one, memberIds: [bob.id], version: 2 });
    expect(now.get(other.id)).toEqual({ ...other, memberIds: [], version: 2 });
    await eventually(async () => {
      const told = (await chat.events(w)).flatMap<Group | string>((event) => {
        if (event.type === 'group.updated' && [one.id, other.id].includes(event.data.group.id))
          return [event.data.group];
        const gone = event.type === 'member.left' || event.type === 'member.role_changed';
        return gone && event.data.userId === dora.id ? [event.type] : [];
      });
      const last = how === 'becomes a guest' ? 'member.role_changed' : 'member.left';
      expect(told).toEqual([one, other, now.get(one.id), now.get(other.id), last]);
    });
    expect(await eventsOf(untouched)).toHaveLength(1);
  });

  it('keep whoever becomes an admin, and take back whoever was deactivated, but not who left', async () => {
    const dora = await chat.person('Dora');
    await chat.invite(ada, w, dora);
    const group = await crew('returners', dora);
    expect((await member(dora, 'PATCH', { role: 'admin' })).status).toBe(200);
    expect((await bootstrap(dora)).groupIds).toEqual([group.id]);
    await member(dora, 'POST /deactivate');
    expect((await member(dora, 'POST /reactivate')).status).toBe(200);
    expect((await bootstrap(dora)).groupIds).toEqual([group.id]);
    await eventually(async () =>
      expect((await eventsOf(group)).map(({ data }) => data)).toEqual([
        { group },
        { group: { ...group, memberIds: [], version: 2 } },
        { group: { ...group, version: 3 } },
      ]),
    );
    await member(dora, 'DELETE');
    await chat.invite(ada, w, dora);
    expect((await bootstrap(dora)).groupIds).toEqual([]);
  });

  it('have at most 1,000 members', async () => {
    const group = await crew('crowd');
    await client.query(
      `WITH people AS (
         INSERT INTO chat.users (id, kind, name, email, password_hash)
         SELECT ('019bc0a1-7c00-7a10-8000-' || lpad(n::text, 12, '0'))::uuid, 'user', 'P' || n, 'p' || n || '@crowd.example', 'x'
         FROM generate_series(1, $3::int) n RETURNING id
       ), members AS (
         INSERT INTO chat.workspace_members (workspace_id, user_id, role, joined_at)
         SELECT $1, id, 'member', now() FROM people RETURNING user_id
       ) SELECT $2::uuid, count(*) FROM members`,
      [w, group.id, MAX_GROUP_MEMBERS],
    );
    await client.query(
      `INSERT INTO chat.group_members (group_id, user_id, workspace_id, added_at)
       SELECT $2, user_id, $1, now() FROM chat.workspace_members w JOIN chat.users u ON u.id = w.user_id
       WHERE w.workspace_id = $1 AND u.email LIKE '%@crowd.example' LIMIT $3`,
      [w, group.id, MAX_GROUP_MEMBERS - 1],
    );
    const replies = [await add(ada, group, [bob.id]), await add(ada, group, [cleo.id])];
    expect(replies.map(({ body }) => body.code ?? body.memberIds.length)).toEqual([
      MAX_GROUP_MEMBERS,
      'group.too_large',
    ]);
    // Whoever was away meanwhile finds their place taken.
    const inside = replies[0]?.body.code ? cleo : bob;
    await member(inside, 'POST /deactivate');
    expect((await add(ada, group, [ada.id])).status).toBeLessThan(300);
    expect((await member(inside, 'POST /reactivate')).status).toBe(200);
    const full = (await list(ada)).body.data.find(({ id }) => id === group.id);
    expect([full?.memberIds.length, full?.memberIds.some((id) => id === inside.id)]).toEqual([
      MAX_GROUP_MEMBERS,
      false,
    ]);
  });
});

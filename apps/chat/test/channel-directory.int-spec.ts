import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { ListedChannel, Page } from '#contracts';
import { RunningChat, type Person } from './running-chat.js';

describe('browsing channels', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  let cat: Person;
  let w: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob, cat] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Cat')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cat);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const as = <T>({ token }: Person, route: string, body?: unknown) => chat.call<T>(route, { token, body });
  const browse = (person: Person, query: string, workspace = w) =>
    as<Page<ListedChannel>>(person, `GET /workspaces/${workspace}/channels?${query}`);
  const names = async (person: Person, query: string, workspace = w) =>
    (await browse(person, query, workspace)).body.data.map(({ channel }) => channel.name);
  const all = async (person: Person, query: string, workspace = w) => {
    const found: ListedChannel[] = [];
    let cursor = '';
    do {
      const { body } = await browse(person, `${query}${cursor}`, workspace);
      found.push(...body.data);
      cursor = body.nextCursor ? `&cursor=${encodeURIComponent(body.nextCursor)}` : '';
    } while (cursor);
    return found;
  };
  const count = async (c: string) => {
    const { rows } = await client.query<{ counted: number; real: number }>(
      `SELECT c.member_count AS counted, (
         SELECT count(*)::int FROM chat.channel_members m JOIN chat.users u ON u.id = m.user_id AND u.kind = 'user'
         WHERE m.channel_id = c.id
       ) AS real FROM chat.channels c WHERE c.id = $1`,
      [c],
    );
    return rows[0];
  };

  it('shows public channels and my private ones, conversations only when asked for', async () => {
    const mine = await chat.channel(bob, w, 'private');
    const foreign = await chat.channel(ada, w, 'private');
    const open = await chat.channel(ada, w);
    await as(bob, `POST /workspaces/${w}/dms`, { userIds: [ada.id] });
    const ids = async (query: string) => (await all(bob, query)).map(({ channel }) => channel.id);
    expect(await ids('limit=200')).toEqual(expect.arrayContaining([mine, open]));
    expect(await ids('limit=200')).not.toContain(foreign);
    expect(new Set((await all(bob, '')).map(({ channel }) => channel.kind))).toEqual(
      new Set(['public', 'private']),
    );
    expect((await all(bob, 'kind=direct')).map(({ channel }) => channel.kind)).toEqual(['direct']);
    expect(await ids('kind=private')).toEqual([mine]);
    expect(await ids('kind=public')).not.toContain(mine);
    expect((await browse(await chat.person('Eve'), '')).body.code).toBe('workspace.not_found');
  });

  it('shows guests what they are in, and nothing else', async () => {
    const gus = await chat.person('Gus');
    await chat.invite(ada, w, gus);
    const c = await chat.channel(ada, w);
    await as(ada, `POST /channels/${c}/members`, { userId: gus.id });
    await client.query(`UPDATE chat.workspace_members SET role = 'guest' WHERE user_id = $1`, [gus.id]);
    const general = (await all(gus, 'q=general'))[0]?.channel.id as string;
    await as(gus, `DELETE /channels/${general}/members/${gus.id}`);
    expect((await all(gus, '')).map(({ channel }) => channel.id)).toEqual([c]);
    expect(await names(gus, 'sort=members&q=gen')).toEqual([]);
  });

  it('finds by any part of name or topic, whatever its case, and takes % and _ as they are', async () => {
    const create = (name: string, topic: string) =>
      as(ada, `POST /workspaces/${w}/channels`, { name, topic, kind: 'public' });
    await create('zz-release-notes', 'What changed');
    await create('zz-đà-nẵng', '100% of the Office_ and more');
    expect(await names(bob, 'q=RELEASE')).toEqual(['zz-release-notes']);
    expect(await names(bob, 'q=%23zz-re')).toEqual(['zz-release-notes']);
    expect(await names(bob, `q=${encodeURIComponent('nẵng')}`)).toEqual(['zz-đà-nẵng']);
    expect(await names(bob, 'q=what%20ch')).toEqual(['zz-release-notes']);
    expect(await names(bob, 'q=0%25%20of')).toEqual(['zz-đà-nẵng']);
    expect(await names(bob, 'q=e%25o')).toEqual([]);
    expect(await names(bob, 'q=ice_')).toEqual(['zz-đà-nẵng']);
    expect(await names(bob, 'q=zz&kind=private')).toEqual([]);
    expect(await names(bob, 'q=%5C')).toEqual([]);
  });

  it.each(['%00', 'a%00b', '%E2%80%AE'])('does not look for %s, which no name or topic has', async (q) => {
    const { status, body } = await browse(bob, `q=${q}`);
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'request.invalid', '/query/q']);
  });

  it('leaves archived channels out unless they are asked for', async () => {
    const c = await chat.channel(ada, w);
    await as(ada, `POST /channels/${c}/archive`);
    const ids = async (query: string) => (await all(bob, query)).map(({ channel }) => channel.id);
    expect(await ids('limit=200')).not.toContain(c);
    expect(await ids('archived=true')).toEqual([c]);
  });

  it.each([
    ['kind=secret', '/query/kind'],
    ['sort=size', '/query/sort'],
    ['archived=maybe', '/query/archived'],
    ['limit=0', '/query/limit'],
    ['page=2', '/query/page'],
    ['cursor=abc', '/query/cursor'],
    [
      'sort=members&cursor=WyJnZW5lcmFsIiwiMDE5YmMwYTEtN2MwMC03YTEwLTgwMDAtMDAwMDAwMDBjMDAxIl0',
      '/query/cursor',
    ],
  ])('refuses ?%s', async (query, pointer) => {
    expect((await browse(bob, query)).body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  it('counts people right through joins and leaves at once, without bots', async () => {
    const c = await chat.channel(ada, w);
    const people = await Promise.all(Array.from({ length: 6 }, (_, n) => chat.person(`P${n}`)));
    await chat.invite(ada, w, ...people);
    const { body } = await as<{ members: { role: string; user: { id: string } }[] }>(
      ada,
      `GET /workspaces/${w}/bootstrap`,
    );
    const bot = body.members.find(({ role }) => role === 'bot')?.user.id;
    await as(ada, `POST /channels/${c}/members`, { userId: bot });
    expect(await count(c)).toEqual({ counted: 1, real: 1 });
    const second = await chat.second();
    const toggling = people.map(async ({ id, token }, n) => {
      for (let round = 0; round < 4 + (n % 2); round++) {
        const app = round % 2 === n % 2 ? second : chat.app;
        const route = round % 2 === 0 ? `POST /channels/${c}/join` : `DELETE /channels/${c}/members/${id}`;
        expect((await chat.call(route, { token }, app)).status).toBeLessThan(300);
        if (round % 2 === 0) await chat.send({ token } as Person, c, 'hello');
      }
    });
    const sending = Array.from({ length: 20 }, (_, n) => chat.send(ada, c, `meanwhile ${n}`));
    const replies = await Promise.all([...sending, ...toggling]);
    expect(replies.slice(0, 20).map((reply) => reply?.status)).toEqual(Array(20).fill(201));
    // Of six, the three who did an odd number of things are in.
    expect(await count(c)).toEqual({ counted: 4, real: 4 });
    const listed = (await all(bob, 'limit=200')).find(({ channel }) => channel.id === c);
    expect(listed?.memberCount).toBe(4);
    // Leaving the workspace leaves its channels, too.
    await Promise.all(people.map(({ id }) => as(ada, `DELETE /workspaces/${w}/members/${id}`)));
    expect(await count(c)).toEqual({ counted: 1, real: 1 });
    expect((await as<ListedChannel>(bob, `GET /channels/${c}`)).body.memberCount).toBe(1);
  });

  describe('among ten thousand', () => {
    let big: string;
    beforeAll(async () => {
      big = (await chat.workspace(ada)).id;
      await chat.invite(ada, big, bob);
      await client.query(
        `INSERT INTO chat.channels (id, workspace_id, kind, name, topic, created_by, created_at, member_count, archived_at)
         SELECT ('019bc0a1-7c00-7a10-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1,
           CASE WHEN n % 10 = 0 THEN 'private' ELSE 'public' END, 'room-' || lpad(n::text, 5, '0'),
           CASE WHEN n % 1000 = 1 THEN 'about needles' ELSE 'hay' END, $2, now() - n * interval '1 minute', n % 97,
           CASE WHEN n % 50 = 3 THEN now() END
         FROM generate_series(1, 10000) n`,
        [big, ada.id],
      );
      await client.query('ANALYZE chat.channels');
    });

    it.each(['name', 'members', 'recent'])('pages by %s, each channel once and in order', async (sort) => {
      const found = await all(bob, `sort=${sort}&limit=200`, big);
      // A tenth is private, a fiftieth of the rest archived; and #general.
      expect(found).toHaveLength(9000 - 200 + 1);
      expect(new Set(found.map(({ channel }) => channel.id)).size).toBe(found.length);
      const keys = found.map(({ channel, memberCount }) =>
        sort === 'name' ? channel.name : sort === 'members' ? -memberCount : -Date.parse(channel.createdAt),
      );
      const ordered = [...keys].sort((a, b) => ((a as string) < (b as string) ? -1 : 1));
      expect(keys).toEqual(ordered);
    });

    it('finds needles', async () => {
      expect(await names(bob, 'q=needle', big)).toEqual(
        Array.from({ length: 10 }, (_, n) => `room-${String(n * 1000 + 1).padStart(5, '0')}`),
      );
      expect(await names(bob, 'q=room-00042&sort=members', big)).toEqual(['room-00042']);
    });

    it.each([
      ['name', 'channels_public_by_name'],
      ['members', 'channels_public_by_members'],
      ['recent', 'channels_public_by_age'],
    ])('reads a page by %s from its index and sorts nothing but the page', async (sort, index) => {
      const plan = await planOf(`channels_browse_${sort}_all`, [...firstOf(sort), 50, false, null, null]);
      expect(plan).toContain(`using ${index}`);
      expect(plan).not.toContain('Seq Scan on channels');
      const read = [...plan.matchAll(/on channels c.*?actual rows=(\d+)/g)].map(([, rows]) => Number(rows));
      expect(Math.max(...read)).toBeLessThanOrEqual(50);
    });

    it('looks words up in their index', async () => {
      const plan = await planOf('channels_browse_name_found', [
        ...firstOf('name'),
        50,
        false,
        null,
        '%needle%',
      ]);
      expect(plan).toMatch(/channels_public_words|channels_public_by_name/);
      expect(plan).not.toContain('Seq Scan on channels');
    });

    const firstOf = (sort: string): (string | number)[] =>
      sort === 'name'
        ? ['', '00000000-0000-0000-0000-000000000000']
        : [sort === 'members' ? 2 ** 31 - 1 : 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

    /** The plan of a statement of the running service, as its own connections make it. */
    const planOf = async (name: string, values: (string | number | boolean | null)[]) => {
      const { browseStatements } = await import('../src/channel-directory/channel-directory.repository.js');
      const text = browseStatements.find((statement) => statement.name === name)?.text as string;
      const planner = new Client({
        connectionString: chat.database.url,
        options:
          '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan',
      });
      await planner.connect();
      const types = text.includes('$3::timestamptz')
        ? 'timestamptz'
        : text.includes('$3::integer')
          ? 'integer'
          : 'text';
      await planner.query(`PREPARE p (uuid, uuid, ${types}, uuid, bigint, boolean, text, text) AS ${text}`);
      const literal = (value: string | number | boolean | null) => (value === null ? 'NULL' : `'${value}'`);
      const { rows } = await planner.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE p (${[big, bob.id, ...values].map(literal).join(', ')})`,
      );
      await planner.end();
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
  });

  it('the trigger counts whatever removes people, in any number of channels', async () => {
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    const rooms = await Promise.all([1, 2, 3].map(() => chat.channel(zed, w)));
    for (const c of rooms) await as(bob, `POST /channels/${c}/join`);
    await as(ada, `DELETE /workspaces/${w}/members/${zed.id}`);
    for (const c of rooms) expect(await count(c)).toEqual({ counted: 1, real: 1 });
  });
});

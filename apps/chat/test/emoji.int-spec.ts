import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MAX_EMOJI_PER_WORKSPACE, type CustomEmoji, type Page } from '#contracts';
import { Clock } from '#core';
import { eventually, newId } from '#testing';
import { ImagesService } from '../src/images/images.service.js';
import { png, upload } from './pictures.js';
import { RunningChat, type Person } from './running-chat.js';

describe('the emoji of a workspace', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  let gus: Person;
  let eve: Person;
  let workspaceId: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob, gus, eve] = [
      await chat.person('Ada'),
      await chat.person('Bob'),
      await chat.person('Gus'),
      await chat.person('Eve'),
    ];
    workspaceId = (await chat.workspace(ada)).id;
    await chat.invite(ada, workspaceId, bob, gus);
    await client.query(`UPDATE chat.workspace_members SET role = 'guest' WHERE user_id = $1`, [gus.id]);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const imageOf = async (person: Person, bytes?: Buffer) => (await upload(chat, person, bytes)).body.id;
  const post = (person: Person, body: unknown) =>
    chat.call<CustomEmoji>(`POST /workspaces/${workspaceId}/emoji`, { body, token: person.token });
  const add = async (person: Person, name: string) =>
    (await post(person, { name, imageId: await imageOf(person) })).body;
  const rename = (person: Person, id: string, name: string) =>
    chat.call<CustomEmoji>(`PATCH /workspaces/${workspaceId}/emoji/${id}`, {
      body: { name },
      token: person.token,
    });
  const remove = (person: Person, id: string) =>
    chat.call(`DELETE /workspaces/${workspaceId}/emoji/${id}`, { token: person.token });
  const list = async (person: Person, query = '') =>
    (
      await chat.call<Page<CustomEmoji>>(`GET /workspaces/${workspaceId}/emoji${query}`, {
        token: person.token,
      })
    ).body;
  const eventsAbout = async (id: string) =>
    (await chat.events(workspaceId)).filter((event) => JSON.stringify(event.data).includes(id));

  it('are added, listed by name in pages, and told to everyone', async () => {
    const added = await add(bob, 'zz_last');
    expect(added).toMatchObject({ name: 'zz_last', aliasOf: null, createdBy: bob.id, version: 1 });
    await add(bob, 'aa_first');
    const first = await list(gus, '?limit=1');
    expect(first.data.map(({ name }) => name)).toEqual(['aa_first']);
    const rest = await list(gus, `?limit=1&cursor=${first.nextCursor}`);
    expect(rest).toEqual({ data: [added], nextCursor: null });
    await eventually(async () =>
      expect(await eventsAbout(added.id)).toEqual([
        expect.objectContaining({ type: 'emoji.updated', actorId: bob.id, data: { emoji: added } }),
      ]),
    );
    expect(await chat.subjects(workspaceId)).toContain(`workspace.${workspaceId}.emoji.updated`);
  });

  it('are of the time that the clock shows', async () => {
    const imageId = await imageOf(ada);
    const clock = chat.app.get(Clock);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    clock.now = () => new Date(later);
    const { body: emoji } = await post(ada, { name: 'of_later', imageId });
    await remove(ada, emoji.id).finally(() => Reflect.deleteProperty(clock, 'now'));
    expect(emoji.createdAt).toBe(later);
    await eventually(async () =>
      expect((await eventsAbout(emoji.id)).map(({ time }) => time)).toEqual([later, later]),
    );
  });

  it('can be seen by guests, and after their author has left', async () => {
    const cleo = await chat.person('Cleo');
    await chat.invite(ada, workspaceId, cleo);
    const { imageId } = await add(cleo, 'farewell');
    await chat.call(`DELETE /workspaces/${workspaceId}/members/${cleo.id}`, { token: cleo.token });
    const codes = [gus, bob, eve].map(
      async (person) => (await chat.call(`GET /images/${imageId}`, { token: person.token })).status,
    );
    expect(await Promise.all(codes)).toEqual([200, 200, 404]);
  });

  it('are added by members, not by guests or strangers', async () => {
    expect((await post(gus, { name: 'mine', imageId: await imageOf(gus) })).body.code).toBe(
      'permission.denied',
    );
    expect((await post(eve, { name: 'mine', imageId: await imageOf(eve) })).body.code).toBe(
      'workspace.not_found',
    );
  });

  it('are renamed and deleted by their author and by admins, and by nobody else', async () => {
    const emoji = await add(bob, 'bobs');
    const dora = await chat.person('Dora');
    await chat.invite(ada, workspaceId, dora);
    expect((await rename(dora, emoji.id, 'doras')).body.code).toBe('permission.denied');
    expect((await remove(dora, emoji.id)).body.code).toBe('permission.denied');
    expect((await rename(bob, emoji.id, 'bobs2')).body).toEqual({ ...emoji, name: 'bobs2', version: 2 });
    expect((await rename(bob, emoji.id, 'bobs2')).body.version).toBe(2);
    expect((await remove(ada, emoji.id)).status).toBe(204);
    expect((await remove(ada, emoji.id)).body.code).toBe('emoji.not_found');
    await eventually(async () =>
      expect((await eventsAbout(emoji.id)).map(({ type }) => type)).toEqual([
        'emoji.updated',
        'emoji.updated',
        'emoji.deleted',
      ]),
    );
  });

  it('have other names, which go with them', async () => {
    const emoji = await add(bob, 'original');
    const alias = (await post(ada, { name: 'second', aliasOf: emoji.id })).body;
    const third = (await post(ada, { name: 'third', aliasOf: alias.id })).body;
    expect([alias, third].map(({ aliasOf, imageId }) => ({ aliasOf, imageId }))).toEqual([
      { aliasOf: emoji.id, imageId: emoji.imageId },
      { aliasOf: emoji.id, imageId: emoji.imageId },
    ]);
    expect((await post(ada, { name: 'fourth', aliasOf: newId.message() })).body.code).toBe('emoji.not_found');
    await remove(bob, emoji.id);
    const names = (await list(ada, '?limit=200')).data.map(({ name }) => name);
    expect(names.filter((name) => ['original', 'second', 'third'].includes(name))).toEqual([]);
    await eventually(async () => {
      const deleted = (await chat.events(workspaceId)).flatMap((event) =>
        event.type === 'emoji.deleted' ? event.data.emojiId : [],
      );
      expect(deleted).toEqual(expect.arrayContaining([emoji.id, alias.id, third.id]));
    });
  });

  it('have a name each, also when two people choose it at once', async () => {
    const [one, two] = [await imageOf(ada), await imageOf(bob)];
    const replies = await Promise.all([
      post(ada, { name: 'race', imageId: one }),
      post(bob, { name: 'race', imageId: two }),
    ]);
    expect(replies.map(({ body }) => body.code ?? 'ok').sort()).toEqual(['emoji.name_taken', 'ok']);
    const other = await add(bob, 'no_race');
    expect((await rename(bob, other.id, 'race')).body.code).toBe('emoji.name_taken');
    expect((await rename(bob, other.id, 'thumbsup')).body.code).toBe('emoji.name_reserved');
    expect((await post(bob, { name: 'tada', imageId: two })).body.code).toBe('emoji.name_reserved');
  });

  it.each(['x', 'Ship', 'späß', 'a b', ':tada:', 'x'.repeat(65), 'a\u200Bb'])(
    'have no name like %j',
    async (name) => {
      const reply = await post(bob, { name, imageId: newId.message() });
      expect([reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual(['request.invalid', '/name']);
    },
  );

  it('are small images that one may see, or another name, not both', async () => {
    const evesOwn = await imageOf(eve);
    const tooWide = await imageOf(bob, png(513, 1));
    const tooHeavy = await imageOf(bob, png(8, 8, 256 * 1024));
    const codes = [evesOwn, newId.message(), tooWide, tooHeavy].map(
      async (imageId) => (await post(bob, { name: 'nope', imageId })).body.code,
    );
    expect(await Promise.all(codes)).toEqual([
      'image.not_found',
      'image.not_found',
      'image.too_large',
      'image.too_large',
    ]);
    for (const body of [{ name: 'nope' }, { name: 'nope', imageId: evesOwn, aliasOf: evesOwn }])
      expect((await post(bob, body)).body.errors?.[0]?.pointer).toBe('/imageId');
  });

  it('keep their images from the sweep, which finds whatever uses one by an index', async () => {
    const { imageId } = await add(bob, 'swept');
    await client.query(`UPDATE chat.images SET uploaded_at = now() - interval '9 days'`);
    await chat.app.get(ImagesService).sweep();
    expect((await chat.call(`GET /images/${imageId}`, { token: bob.token })).status).toBe(200);
    const { rows } = await client.query<{ table: string }>(`
      SELECT con.conrelid::regclass::text AS table FROM pg_constraint con
      WHERE con.contype = 'f' AND con.confrelid = 'chat.images'::regclass AND NOT EXISTS (
        SELECT 1 FROM pg_index i WHERE i.indrelid = con.conrelid AND i.indkey[0] = con.conkey[1])`);
    expect(rows).toEqual([]);
  });

  it('are at most 5,000, and no two people add the last one', async () => {
    const { imageId } = await add(bob, 'filler');
    await client.query(
      `INSERT INTO chat.emoji (id, workspace_id, name, image_id, created_by, created_at, version)
       SELECT gen_random_uuid(), $1, 'fill_' || n, $2, $3, now(), 1
       FROM generate_series(1, $4 - 1 - (SELECT count(*) FROM chat.emoji WHERE workspace_id = $1)) n`,
      [workspaceId, imageId, bob.id, MAX_EMOJI_PER_WORKSPACE],
    );
    const [one, two] = [await imageOf(ada), await imageOf(bob)];
    const replies = await Promise.all([
      post(ada, { name: 'last_a', imageId: one }),
      post(bob, { name: 'last_b', imageId: two }),
    ]);
    expect(replies.map(({ body }) => body.code ?? 'ok').sort()).toEqual(['emoji.too_many', 'ok']);
  });
});

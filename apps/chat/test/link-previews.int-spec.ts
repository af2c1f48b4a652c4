import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message, Workspace } from '#contracts';
import { eventually } from '#testing';
import { png } from './pictures.js';
import { RunningChat, type Person } from './running-chat.js';

describe('link previews', () => {
  let chat: RunningChat;
  let web: Server;
  let origin: string;
  let ada: Person;
  let bob: Person;
  let eve: Person;
  let w: string;
  let c: string;
  const visits: string[] = [];
  const picture = png(80, 60);

  beforeAll(async () => {
    web = createServer((request, response) => {
      visits.push(request.url ?? '');
      if (request.url?.startsWith('/thumb')) {
        response.setHeader('content-type', 'image/png').end(picture);
        return;
      }
      const name = request.url?.slice(1) ?? '';
      const image = name.includes('pictured') ? '<meta property="og:image" content="/thumb.png">' : '';
      response
        .setHeader('content-type', name === 'file' ? 'application/zip' : 'text/html')
        .end(`<head><title>About ${name}</title><meta property="og:type" content="article">${image}</head>`);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    origin = `http://127.0.0.1:${port}`;
    chat = await RunningChat.start({
      LINK_PREVIEW_PORTS: `80,443,${port}`,
      LINK_PREVIEW_NETWORKS: '127.0.0.1/32',
    });
    [ada, bob, eve] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Eve')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
    c = await chat.channel(ada, w);
    await chat.call(`POST /channels/${c}/join`, { token: bob.token });
  });
  afterAll(async () => {
    await chat.stop();
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
  });

  const say = async (text: string) => (await chat.send(ada, c, text)).body;
  const read = async ({ id }: { id: string }) =>
    (await chat.call<Message>(`GET /messages/${id}`, { token: ada.token })).body;
  const titles = async (message: { id: string }) =>
    ((await read(message)).previews ?? []).map(({ position, title }) => `${position} ${title}`);
  const shows = (message: { id: string }, expected: string[]) =>
    eventually(async () => expect(await titles(message)).toEqual(expected), { timeoutMs: 15_000 });
  const edit = (message: { id: string }, text: string) =>
    chat.call(`PATCH /messages/${message.id}`, { body: { text }, token: ada.token });
  const remove = (person: Person, message: { id: string }, position: number) =>
    chat.call(`DELETE /messages/${message.id}/previews/${position}`, { token: person.token });
  const updates = async ({ id }: { id: string }) =>
    (await chat.events(w)).flatMap((event) =>
      event.type === 'message.updated' && event.data.message.id === id ? [event.data.message] : [],
    );

  it('appear on the message, in one event, with a copy of the image', async () => {
    const message = await say(`look: ${origin}/pictured, ${origin}/two and ${origin}/file`);
    await shows(message, ['0 About pictured', '1 About two']);
    const { previews = [], version } = await read(message);
    expect(version).toBe(2);
    expect(previews[0]).toEqual({
      position: 0,
      url: `${origin}/pictured`,
      title: 'About pictured',
      description: null,
      siteName: null,
      type: 'article',
      imageUrl: expect.stringMatching(/^\/api\/v1\/images\/[0-9a-f-]{36}$/),
    });
    const image = (person: Person) =>
      chat.app.inject({
        url: previews[0]?.imageUrl as string,
        headers: { authorization: `Bearer ${person.token}` },
      });
    expect((await image(bob)).rawPayload.equals(picture)).toBe(true);
    expect((await image(eve)).statusCode).toBe(404);
    await eventually(async () => expect(await updates(message)).toEqual([await read(message)]));
  });

  it('are of at most three links, and of none in code or in angle brackets', async () => {
    const message = await say(
      ['a', 'b', 'c', 'd'].map((name) => `${origin}/${name}`).join(' ') +
        ` <${origin}/quiet> \`${origin}/code\``,
    );
    await shows(message, ['0 About a', '1 About b', '2 About c']);
    expect(visits.filter((path) => ['/d', '/quiet', '/code'].includes(path))).toEqual([]);
  });

  it('follow an edit, and only what is new is fetched', async () => {
    const message = await say(`${origin}/first`);
    await shows(message, ['0 About first']);
    await edit(message, `${origin}/second ${origin}/first`);
    await shows(message, ['0 About second', '1 About first']);
    expect(visits.filter((path) => path === '/first')).toHaveLength(1);
    await edit(message, 'no link any more');
    await shows(message, []);
  });

  it('are removed by the author for good, and by nobody else', async () => {
    const message = await say(`${origin}/keep ${origin}/drop`);
    await shows(message, ['0 About keep', '1 About drop']);
    expect((await remove(bob, message, 1)).body.code).toBe('message.not_author');
    expect((await remove(eve, message, 1)).body.code).toBe('message.not_found');
    expect((await remove(ada, message, 1)).status).toBe(204);
    expect((await remove(ada, message, 1)).body.code).toBe('preview.not_found');
    expect(
      (await chat.call(`DELETE /messages/${message.id}/previews/x`, { token: ada.token })).body.errors?.[0]
        ?.pointer,
    ).toBe('/path/position');
    expect(await titles(message)).toEqual(['0 About keep']);
    await edit(message, `${origin}/keep ${origin}/drop ${origin}/more`);
    await shows(message, ['0 About keep', '2 About more']);
  });

  it('go with a deleted message, and come to none', async () => {
    const message = await say(`${origin}/gone`);
    await shows(message, ['0 About gone']);
    await chat.call(`DELETE /messages/${message.id}`, { token: ada.token });
    expect(await titles(message)).toEqual([]);
    expect((await remove(ada, message, 0)).body.code).toBe('message.deleted');
  });

  it('are of no message of a workspace that wants none', async () => {
    const [off, on] = [await chat.workspace(ada), await chat.workspace(ada)];
    const { body } = await chat.call<Workspace>(`PATCH /workspaces/${off.id}`, {
      body: { linkPreviews: false },
      token: ada.token,
    });
    expect([off.linkPreviews, body.linkPreviews]).toEqual([true, false]);
    const rooms = [await chat.channel(ada, off.id), await chat.channel(ada, on.id)] as const;
    const unseen = (await chat.send(ada, rooms[0], `${origin}/unwanted`)).body;
    await shows((await chat.send(ada, rooms[1], `${origin}/wanted`)).body, ['0 About wanted']);
    expect(await titles(unseen)).toEqual([]);
    expect(visits).not.toContain('/unwanted');
  });

  it('are never of addresses inside', async () => {
    const inside = await say('http://127.0.0.2/ http://[::1]/ http://169.254.169.254/latest/meta-data/');
    const after = await say(`${origin}/after`);
    await shows(after, ['0 About after']);
    expect(await titles(inside)).toEqual([]);
    expect((await read(inside)).version).toBe(1);
  });
});

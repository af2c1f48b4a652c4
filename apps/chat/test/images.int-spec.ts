import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MAX_IMAGE_BYTES, type Image } from '#contracts';
import { Database } from '#db';
import { eventually, newId } from '#testing';
import { sweepImages } from '../src/images/image-sweep.js';
import { Jobs } from '../src/jobs/jobs.service.js';
import { gif, png, upload } from './pictures.js';
import { RunningChat, type Person } from './running-chat.js';

describe('small images', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  let eve: Person;
  beforeAll(async () => {
    chat = await RunningChat.start({ IMAGES_QUOTA_MIB: '1' });
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob, eve] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Eve')];
    const workspace = await chat.workspace(ada);
    await chat.invite(ada, workspace.id, bob);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const read = (id: string, person?: Person) =>
    chat.app.inject({
      url: `/api/v1/images/${id}`,
      headers: person ? { authorization: `Bearer ${person.token}` } : {},
    });

  it('come back as they were, as images and nothing else', async () => {
    const bytes = png(40, 30);
    const { status, body } = await upload(chat, ada, bytes);
    expect({ status, body }).toEqual({
      status: 201,
      body: { id: expect.any(String), type: 'image/png', width: 40, height: 30, size: bytes.length },
    });
    const reply = await read(body.id, ada);
    expect(reply.rawPayload.equals(bytes)).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  it('are what their bytes say, whatever their header says', async () => {
    const { body } = await upload(chat, ada, gif(), 'image/webp');
    expect(body.type).toBe('image/gif');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    expect((await upload(chat, ada, svg, 'image/png')).body.code).toBe('image.unsupported');
    expect((await upload(chat, ada, svg, 'image/svg+xml')).status).toBe(415);
    expect((await upload(chat, ada, Buffer.alloc(0))).body.code).toBe('image.unsupported');
    expect((await chat.call('POST /images', { body: {}, token: ada.token })).status).toBe(415);
    expect((await upload(chat, ada, png(2049, 1))).body.code).toBe('image.too_large');
  });

  it('are at most 512 KiB, while other routes take no images', async () => {
    const over = await upload(chat, ada, Buffer.concat([png(), Buffer.alloc(MAX_IMAGE_BYTES)]));
    expect([over.status, over.body.code]).toEqual([413, 'request.too_large']);
    const elsewhere = await chat.call('POST /workspaces', {
      body: png(),
      token: ada.token,
      headers: { 'content-type': 'image/png' },
    });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([415, 'request.unsupported_media_type']);
    const largeElsewhere = await chat.call('POST /workspaces', {
      body: png(8, 8, 100_000),
      token: ada.token,
      headers: { 'content-type': 'image/png' },
    });
    expect(largeElsewhere.status).toBe(413);
  });

  it('are read by those who share a workspace with the uploader, and by nobody else', async () => {
    const { body } = await upload(chat, ada);
    const codes = await Promise.all(
      [ada, bob, eve, undefined].map(async (person) => (await read(body.id, person)).statusCode),
    );
    expect(codes).toEqual([200, 200, 404, 401]);
    expect((await read(newId.message(), ada)).statusCode).toBe(404);
    expect((await chat.call('GET /images/x', { token: ada.token })).body.errors?.[0]?.pointer).toBe(
      '/path/imageId',
    );
  });

  it('are kept once for each uploader', async () => {
    const bytes = png();
    const twice = await Promise.all([upload(chat, ada, bytes), upload(chat, ada, bytes)]);
    expect(twice.map((reply) => reply.status)).toEqual([201, 201]);
    expect(new Set(twice.map((reply) => reply.body.id)).size).toBe(1);
    const other = await upload(chat, bob, bytes);
    expect(other.body.id).not.toBe(twice[0]?.body.id);
  });

  it('fit into the quota of a person, also when they come at once', async () => {
    const cleo = await chat.person('Cleo');
    const large = () => upload(chat, cleo, png(8, 8, 400_000));
    const replies = await Promise.all([large(), large(), large(), large()]);
    expect(replies.map((reply) => reply.body.code ?? 'ok').sort()).toEqual([
      'image.quota_exceeded',
      'image.quota_exceeded',
      'ok',
      'ok',
    ]);
  });

  it('are swept every hour', async () => {
    const { rows } = await client.query<{ hours: number }>(`
      SELECT round(extract(epoch FROM start_after - now()) / 3600) AS hours
      FROM jobs.job WHERE data->>'job' = 'images.sweep' AND state = 'created'`);
    expect(rows.map(({ hours }) => Number(hours))).toEqual([1]);
  });

  it('are deleted a day after their upload when nothing uses them', async () => {
    const [{ body: fresh }, { body: old }] = await Promise.all([upload(chat, bob), upload(chat, bob)]);
    await client.query(`UPDATE chat.images SET uploaded_at = now() - interval '25 hours' WHERE id = $1`, [
      old.id,
    ]);
    const found = async (image: Image) => (await read(image.id, bob)).statusCode;
    expect([await found(fresh), await found(old)]).toEqual([200, 200]);
    const jobs = chat.app.get(Jobs);
    await chat.app.get(Database).transaction((tx) => jobs.enqueue(tx, sweepImages, {}));
    await eventually(async () => expect([await found(fresh), await found(old)]).toEqual([200, 404]), {
      timeoutMs: 10_000,
    });
  });
});

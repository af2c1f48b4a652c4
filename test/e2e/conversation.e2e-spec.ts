import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthResult, MessagesPerDay, MyChannel, SearchResult } from '#contracts';
import { eventually } from '#testing';
import { nextEvent, RunningParley, type Person } from './running-parley.js';

describe('two people talk through five services', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley.stop(), 60_000);

  it('a message arrives at the other one, whole, with its edit and its deletion', async () => {
    const stream = await bob.stream(workspaceId);
    const ready = await stream.next((frame) => frame.event === 'stream.ready');
    expect(ready.id).toMatch(/^[0-9a-z]+-\d+$/);
    const { body: sent } = await ada.send(channelId, 'Xin chào 👋\nthere');
    expect((await nextEvent(stream, 'message.created')).event.data.message).toEqual(sent);
    await ada.call(`PATCH /messages/${sent.id}`, { text: 'edited' });
    expect((await nextEvent(stream, 'message.updated')).event.data.message.text).toBe('edited');
    await ada.call(`DELETE /messages/${sent.id}`);
    expect((await nextEvent(stream, 'message.deleted')).event.data.message.deletedAt).not.toBeNull();
    await stream.close();
  });

  it('a stream that comes back gets exactly what it missed', async () => {
    const before = await bob.stream(workspaceId);
    await before.next((frame) => frame.event === 'stream.ready');
    await ada.send(channelId, 'seen');
    const { cursor } = await nextEvent(before, 'message.created');
    await before.close();
    const missed = await Promise.all(
      Array.from({ length: 30 }, (_, index) => ada.send(channelId, `missed ${index}`)),
    );
    const after = await bob.stream(workspaceId, cursor);
    const ids: string[] = [];
    while (ids.length < 30) ids.push((await nextEvent(after, 'message.created')).event.data.message.id);
    expect(ids.sort()).toEqual(missed.map((reply) => reply.body.id).sort());
    await ada.send(channelId, 'live again');
    expect((await nextEvent(after, 'message.created')).event.data.message.text).toBe('live again');
    await after.close();
  });

  it('bootstrap and stream leave no gap between them', async () => {
    const state = await bob.bootstrap(workspaceId);
    await ada.send(channelId, 'between snapshot and stream');
    const stream = await bob.stream(workspaceId, state.cursor as string);
    expect((await nextEvent(stream, 'message.created')).event.data.message.text).toBe(
      'between snapshot and stream',
    );
    await stream.close();
  });

  it('a cursor of another life of the stream is told to start over', async () => {
    const stream = await bob.stream(workspaceId, '1-5');
    expect(JSON.parse((await stream.next((frame) => frame.event === 'stream.resync')).data)).toMatchObject({
      data: { reason: 'epoch' },
    });
    await stream.close();
  });

  it('whoever is removed from a channel hears of it, and then nothing more', async () => {
    const { body: mine } = await ada.call<MyChannel>(`POST /workspaces/${workspaceId}/channels`, {
      name: `private-${randomUUID()}`,
      kind: 'private',
    });
    const secret = mine.channel.id;
    const stream = await bob.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    await ada.send(secret, 'not for bob');
    await ada.call(`POST /channels/${secret}/members`, { userId: bob.id });
    expect((await nextEvent(stream, 'member.joined')).event.data.channel?.id).toBe(secret);
    await ada.send(secret, 'for bob');
    expect((await nextEvent(stream, 'message.created')).event.data.message.text).toBe('for bob');
    await ada.call(`DELETE /channels/${secret}/members/${bob.id}`);
    expect((await nextEvent(stream, 'member.left')).event.data).toEqual({
      userId: bob.id,
      reason: 'removed',
      version: expect.any(Number),
    });
    await ada.send(secret, 'behind his back');
    await ada.send(channelId, 'in the open');
    expect((await nextEvent(stream, 'message.created')).event.data.message.text).toBe('in the open');
    await stream.close();
  });

  it('a revoked session loses its stream', async () => {
    const { body } = await parley.call<AuthResult>('POST /auth/login', {
      body: { email: bob.email, password: 'correct horse' },
    });
    const stream = await parley.call('GET /me', { token: body.accessToken as string });
    expect(stream.status).toBe(200);
    const { openStream } = await import('#testing');
    const other = await openStream(
      `${parley.url}/api/v1/workspaces/${workspaceId}/events`,
      body.accessToken as string,
    );
    await other.next((frame) => frame.event === 'stream.ready');
    await bob.call(`DELETE /sessions/${body.sessionId}`);
    await expect(other.next((frame) => frame.event === 'never', 10_000)).rejects.toThrow();
    expect((await parley.call('GET /me', { token: body.accessToken as string })).status).toBe(401);
    await other.close();
  });

  it('counts unread by cursor and clears it on all devices', async () => {
    const mine = async () =>
      (await bob.bootstrap(workspaceId)).channels.find(
        ({ channel }) => channel.id === channelId,
      ) as MyChannel;
    const { channel } = await mine();
    const stream = await bob.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    await bob.call(`PUT /channels/${channelId}/read-cursor`, { seq: channel.lastSeq });
    expect((await nextEvent(stream, 'read_cursor.updated')).event.data).toMatchObject({
      channelId,
      lastReadSeq: channel.lastSeq,
      lastReadOrdinal: channel.lastOrdinal,
      mentionSeqs: [],
    });
    await ada.send(channelId, 'unread');
    const after = await mine();
    expect(after.channel.lastSeq - after.lastReadSeq).toBe(1);
    await stream.close();
  });

  it('the bot answers /ping once, through the API like anyone', async () => {
    const stream = await bob.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    const { body: ping } = await ada.send(channelId, '/ping');
    expect((await nextEvent(stream, 'message.created')).event.data.message.id).toBe(ping.id);
    const { event } = await nextEvent(stream, 'message.created');
    expect(event.data.message).toMatchObject({ channelId, text: expect.stringMatching(/pong/i) });
    expect(
      (await ada.history(channelId)).filter((message) => message.senderId === event.actorId),
    ).toHaveLength(1);
    await stream.close();
  });

  it('search finds what was said, for members only', async () => {
    await ada.send(channelId, 'the zebra crosses Đà Nẵng');
    const stranger = await parley.person('Eve');
    const search = (person: Person) =>
      person.call<SearchResult>(`GET /workspaces/${workspaceId}/search?q=zebra%20da%20nang`);
    await eventually(async () => expect((await search(bob)).body.data).toHaveLength(1), {
      timeoutMs: 10_000,
    });
    expect((await search(stranger)).body.code).toBe('workspace.not_found');
  });

  it('analytics counts every message once', async () => {
    const sent = (await ada.history(channelId)).length;
    await eventually(
      async () => {
        const { body } = await ada.call<MessagesPerDay>(
          `GET /workspaces/${workspaceId}/analytics/messages-per-day`,
        );
        expect(body.data.reduce((sum, day) => sum + day.messages, 0)).toBeGreaterThanOrEqual(sent);
      },
      { timeoutMs: 20_000, everyMs: 250 },
    );
    expect((await bob.call(`GET /workspaces/${workspaceId}/analytics/messages-per-day`)).body).toMatchObject({
      code: 'permission.denied',
    });
  });
});

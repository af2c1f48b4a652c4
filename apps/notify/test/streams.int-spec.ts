import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { register } from '#platform';
import {
  anEvent,
  aReadState,
  aUser,
  contractRoutes,
  eventually,
  newId,
  openStream,
  servedRoutes,
  StreamRefused,
  unvalidatedParameters,
} from '#testing';
import { Conversation, heardUntil, heardUntilEnd } from './conversation.js';
import { listen, RunningNotify, World } from './running-notify.js';

describe('an event stream', () => {
  let world: World;
  let notify: RunningNotify;
  const room = () => {
    const workspaceId = newId.workspace();
    return new Conversation(world, workspaceId, newId.channel());
  };
  const refusal = async (url: string, token: string): Promise<{ status: number; code: string }> => {
    const refused = await openStream(url, token).then(
      () => null,
      (error: unknown) => error as StreamRefused,
    );
    const { code } = JSON.parse(refused?.body ?? '{}') as { code: string };
    return { status: refused?.status ?? 200, code };
  };

  beforeAll(async () => {
    world = await World.start();
    notify = await RunningNotify.start(world, { STREAM_HEARTBEAT_MS: '400', STREAMS_PER_USER: '3' });
  });
  afterAll(async () => {
    await notify?.stop();
    await world?.stop();
  });

  it('serves what the contracts promise, and leaves no parameter unchecked', () => {
    expect(servedRoutes(notify.app)).toEqual(contractRoutes('notify'));
    expect(unvalidatedParameters(notify.app)).toEqual([]);
  });

  it('starts with its cursor and delivers what is said, as it was published', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const stream = await openStream(notify.path(ada.workspaceId), ada.token);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('cache-control')).toBe('no-store');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.headers.get('x-request-id')).toBeTruthy();
    const ready = await stream.next();
    expect(ready.event).toBe('stream.ready');
    expect(ready.retry).toBeGreaterThanOrEqual(2000);
    expect(ready.retry).toBeLessThanOrEqual(5000);
    expect(JSON.parse(ready.data)).toEqual({ type: 'stream.ready', data: { cursor: ready.id } });
    const event = await general.say('hello');
    const frame = await stream.next();
    expect(frame.event).toBe('message.created');
    expect(JSON.parse(frame.data)).toEqual(event);
    expect(frame.id?.split('-')[0]).toBe(ready.id?.split('-')[0]);
    await stream.close();
  });

  it('gives every device all events, in order', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const devices = [await listen(notify, ada), await listen(notify, ada)];
    const texts = Array.from({ length: 200 }, (_, index) => `m${index}`);
    await general.sayAll(texts);
    for (const device of devices) expect(await heardUntil(device, 'm199')).toEqual(texts);
    for (const device of devices) await device.close();
  });

  it('tells a channel to its members only, a workspace to everyone in it, a user to that user', async () => {
    const general = room();
    const { workspaceId, id: channelId } = general.channel;
    const secret = new Conversation(world, workspaceId, newId.channel());
    // The same channel id in another workspace must not matter.
    const elsewhere = new Conversation(world, newId.workspace(), channelId);
    const ada = await world.member(workspaceId, channelId, secret.channel.id);
    const grace = await world.member(workspaceId, channelId);
    const eve = await world.member(elsewhere.channel.workspaceId, channelId);
    const [adas, graces, eves] = await Promise.all([ada, grace, eve].map((who) => listen(notify, who)));
    await secret.say('secret');
    const cursor = { channelId, ...aReadState({ lastReadSeq: 1 }) };
    await world.publish(anEvent('read_cursor.updated', cursor, { workspaceId, channelId }), {
      scope: 'user',
      id: ada.userId,
    });
    const user = aUser();
    const entered = { user, role: 'member' as const, channel: null, lastReadSeq: null };
    await world.publish(anEvent('member.joined', entered, { workspaceId }), {
      scope: 'workspace',
      id: workspaceId,
    });
    await general.say('end');
    await elsewhere.say('elsewhere');
    if (!adas || !graces || !eves) throw new Error('not all streams opened');
    expect(await heardUntil(adas, 'end')).toEqual(['secret', 'read_cursor.updated', 'member.joined', 'end']);
    expect(await heardUntil(graces, 'end')).toEqual(['member.joined', 'end']);
    expect(await heardUntil(eves, 'elsewhere')).toEqual(['elsewhere']);
    for (const stream of [adas, graces, eves]) await stream.close();
  });

  it('begins at joining a channel and stops at leaving it', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const other = new Conversation(world, workspaceId, newId.channel());
    const ada = await world.member(workspaceId, other.channel.id);
    const stream = await listen(notify, ada);
    await general.say('before');
    await general.joined(ada.userId);
    await general.say('inside');
    await general.left(ada.userId);
    await general.say('after');
    await other.say('end');
    expect(await heardUntil(stream, 'end')).toEqual(['member.joined', 'inside', 'member.left', 'end']);
    const private_ = { channel: { ...general.channel, id }, memberIds: [ada.userId] };
    await world.publish(anEvent('channel.created', private_, { workspaceId, channelId: id }), {
      scope: 'channel',
      id,
    });
    await general.say('again');
    expect(await heardUntil(stream, 'again')).toEqual(['channel.created', 'again']);
    await stream.close();
  });

  it('goes by the newest of what became of a membership, also when that was announced before the rest', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const other = new Conversation(world, workspaceId, newId.channel());
    const ada = await world.member(workspaceId, other.channel.id);
    const stream = await listen(notify, ada);
    await general.joined(ada.userId, 12);
    await general.left(ada.userId, 11);
    await general.say('after a late leaving');
    await general.left(ada.userId, 14);
    await general.joined(ada.userId, 13);
    await general.say('after a late joining');
    await other.say('end');
    const heard = ['member.joined', 'after a late leaving', 'member.left', 'end'];
    expect(await heardUntil(stream, 'end')).toEqual(heard);
    await stream.close();
    const bob = await world.member(workspaceId, other.channel.id, id);
    const resumed = await listen(notify, bob, stream.cursor);
    expect(await heardUntil(resumed, 'end')).toEqual([
      'member.joined',
      'after a late leaving',
      'member.left',
      'after a late joining',
      'end',
    ]);
    await resumed.close();
  });

  it('loses no removal that passes while chat is being asked', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const ada = await world.member(workspaceId, id);
    const bob = await world.member(workspaceId, id);
    const bobs = await listen(notify, bob);
    world.chat.before = async () => {
      world.chat.before = () => Promise.resolve();
      await general.left(ada.userId);
      await heardUntil(bobs, 'member.left');
    };
    const stream = await listen(notify, ada);
    await general.say('secret');
    await general.joined(ada.userId);
    expect(await heardUntil(stream, 'member.joined')).toEqual(['member.joined']);
    await stream.close();
    await bobs.close();
  });

  it('ends when the user leaves the workspace, after telling', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const ada = await world.member(workspaceId, id);
    const grace = await world.member(workspaceId, id);
    const [adas, graces] = [await listen(notify, ada), await listen(notify, grace)];
    const left = anEvent('member.left', { userId: ada.userId, reason: 'removed' }, { workspaceId });
    await world.publish(left, { scope: 'workspace', id: workspaceId });
    await general.say('after');
    expect((await heardUntilEnd(adas))?.heard).toEqual(['member.left']);
    expect(await heardUntil(graces, 'after')).toEqual(['member.left', 'after']);
    await graces.close();
  });

  it('ends for everyone when the workspace is deleted', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const people = [await world.member(workspaceId, id), await world.member(workspaceId, id)];
    const streams = await Promise.all(people.map((person) => listen(notify, person)));
    const other = room();
    const eve = await world.member(other.channel.workspaceId, other.channel.id);
    const eves = await listen(notify, eve);
    for (const { userId } of people) world.chat.channels.delete(`${workspaceId} ${userId}`);
    await world.publish(anEvent('workspace.deleted', { workspaceId }, { workspaceId }), {
      scope: 'workspace',
      id: workspaceId,
    });
    for (const stream of streams) expect((await heardUntilEnd(stream))?.heard).toEqual(['workspace.deleted']);
    expect(await refusal(notify.path(workspaceId), people[0]?.token ?? '')).toEqual({
      status: 404,
      code: 'workspace.not_found',
    });
    await other.say('still here');
    expect(await heardUntil(eves, 'still here')).toEqual(['still here']);
    await eves.close();
  });

  it('ends with its session, and with no other', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const ada = await world.member(workspaceId, id);
    const elsewhere = { ...ada, sessionId: newId.session() };
    elsewhere.token = await world.keys.sign(elsewhere);
    const [stolen, kept] = [await listen(notify, ada), await listen(notify, elsewhere)];
    await world.publish(
      anEvent('session.revoked', { sessionId: ada.sessionId }, { workspaceId: null, actorId: ada.userId }),
      { scope: 'user', id: ada.userId },
    );
    expect((await heardUntilEnd(stolen))?.comments).toContain('session revoked');
    await general.say('after');
    expect(await heardUntil(kept, 'after')).toEqual(['session.revoked', 'after']);
    expect(await refusal(notify.path(workspaceId), ada.token)).toEqual({
      status: 401,
      code: 'auth.session_revoked',
    });
    await kept.close();
  });

  it('shows signs of life', async () => {
    const ada = await world.member(newId.workspace());
    const stream = await listen(notify, ada);
    for (let i = 0; i < 3; i++) await stream.next((frame) => frame.comment === '');
    await stream.close();
  });

  it('is refused to strangers and without a valid token or id', async () => {
    const workspaceId = newId.workspace();
    const token = await world.keys.sign();
    expect(await refusal(notify.path(workspaceId), token)).toEqual({
      status: 404,
      code: 'workspace.not_found',
    });
    expect(await refusal(notify.path(workspaceId), 'x')).toEqual({ status: 401, code: 'auth.token_invalid' });
    expect(await refusal(notify.path('w'), token)).toEqual({ status: 400, code: 'request.invalid' });
    const malformed = notify.path(workspaceId, '?after=x');
    expect(await refusal(malformed, token)).toEqual({ status: 400, code: 'request.invalid' });
    const head = await fetch(notify.path(workspaceId), {
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(head.status).toBe(404);
  });

  it('is refused beyond what one user may hold, until one is closed', async () => {
    const ada = await world.member(newId.workspace());
    const grace = await world.member(ada.workspaceId);
    const streams = await Promise.all([1, 2, 3].map(() => listen(notify, ada)));
    const headers = { authorization: `Bearer ${ada.token}` };
    const refused = await fetch(notify.path(ada.workspaceId), { headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject({ code: 'stream.too_many' });
    await (await listen(notify, grace)).close();
    await streams.pop()?.close();
    await eventually(async () => streams.push(await listen(notify, ada)));
    for (const stream of streams) await stream.close();
  });

  it('is counted', async () => {
    const metrics = await register.metrics();
    for (const name of [
      'parley_streams_open',
      'parley_stream_deliveries_total',
      'parley_stream_events_total',
      'parley_streams_ended_total{cause="session revoked"}',
      'parley_streams_refused_total{limit="user"}',
      'parley_ring_events',
      'parley_ring_bytes',
      'parley_feed_lag_events',
    ])
      expect(metrics).toMatch(new RegExp(`^${name.replace(/[{}]/g, '\\$&')}[ {]`, 'm'));
    // No Postgres here: streams need none, so it is not at fault.
    expect((await notify.health.readiness()).status).toBe('degraded');
  });
});

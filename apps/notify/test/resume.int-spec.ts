import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVENTS_STREAM } from '#contracts';
import { anEvent, newId } from '#testing';
import { Conversation, heardUntil, textOf } from './conversation.js';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `m${from + i}`);

describe('resuming a stream', () => {
  let world: World;
  let notify: RunningNotify;
  let general: Conversation;
  let ada: Person;
  /** From the end of the stream. */
  let cursor: string;

  /** Reads the present cursor, so that what follows is missed. */
  const leave = async (from = notify) => {
    const stream = await listen(from, ada);
    await stream.close();
    return stream.cursor;
  };
  const room = async () => {
    general = new Conversation(world, newId.workspace(), newId.channel());
    ada = await world.member(general.channel.workspaceId, general.channel.id);
    cursor = await leave();
  };
  const resync = async (lastEventId: string, from = notify) => {
    const stream = await listen(from, ada, lastEventId);
    const frame = await stream.next();
    expect(frame.event).toBe('stream.resync');
    const { data } = JSON.parse(frame.data) as { data: { reason: string; cursor: string } };
    expect(frame.id).toBe(data.cursor);
    expect(stream.cursor).toBe(data.cursor);
    await general.say('live');
    expect(await heardUntil(stream, 'live')).toEqual(['live']);
    await stream.close();
    return data.reason;
  };

  beforeAll(async () => {
    world = await World.start();
    notify = await RunningNotify.start(world);
  });
  afterAll(async () => {
    await notify?.stop();
    await world?.stop();
  });

  it('replays from memory exactly what was missed, then goes on live', async () => {
    await room();
    const stranger = new Conversation(world, newId.workspace(), general.channel.id);
    const secret = new Conversation(world, general.channel.workspaceId, newId.channel());
    await Promise.all([general.sayAll(range(0, 50)), stranger.sayAll(['x', 'y']), secret.sayAll(['z'])]);
    const stream = await listen(notify, ada, cursor);
    expect(stream.cursor).toBe(cursor);
    await general.sayAll(range(50, 60));
    expect(await heardUntil(stream, 'm59')).toEqual(range(0, 60));
    await stream.close();
  });

  it('accepts the cursor as a parameter; the header wins', async () => {
    await room();
    await general.say('a');
    const middle = await leave();
    await general.say('b');
    const url = notify.path(ada.workspaceId, `?after=${cursor}`);
    const read = async (headers: object, last: string) => {
      const { openStream } = await import('#testing');
      const stream = await openStream(url, ada.token, (headers as { id?: string }).id);
      await stream.next();
      const heard = await heardUntil(stream, last);
      await stream.close();
      return heard;
    };
    expect(await read({}, 'b')).toEqual(['a', 'b']);
    expect(await read({ id: middle }, 'b')).toEqual(['b']);
  });

  it('goes through pages when much was missed, without gap or double while more arrives', async () => {
    await room();
    const padding = 'x'.repeat(3000);
    const texts = range(0, 1000).map((text) => `${text} ${padding}`);
    await general.sayAll(texts.slice(0, 700));
    const saying = general.sayAll(texts.slice(700));
    const stream = await listen(notify, ada, cursor);
    await saying;
    expect(await heardUntil(stream, texts.at(-1) as string)).toEqual(texts);
    await stream.close();
  });

  it('tells of own leaving, but not what was said in a channel that is not one’s own any more', async () => {
    await room();
    const lounge = new Conversation(world, ada.workspaceId, newId.channel());
    await lounge.joined(ada.userId);
    await lounge.say('while inside');
    await lounge.left(ada.userId);
    await lounge.say('after');
    await general.say('end');
    const stream = await listen(notify, ada, cursor);
    expect(await heardUntil(stream, 'end')).toEqual(['member.left', 'end']);
    await stream.close();
  });

  it('replays from JetStream what memory does not hold, after a restart too', async () => {
    await room();
    await general.sayAll(range(0, 600));
    const other = newId.session();
    await world.publish(
      anEvent('session.revoked', { sessionId: other }, { workspaceId: null, actorId: ada.userId }),
      { scope: 'user', id: ada.userId },
    );
    const secret = new Conversation(world, ada.workspaceId, newId.channel());
    await secret.sayAll(['secret']);
    await general.sayAll(range(600, 620));
    const small = await RunningNotify.start(world, { RING_EVENTS: '5' });
    try {
      const stream = await listen(small, ada, cursor);
      await general.sayAll(range(620, 640));
      const expected = [...range(0, 600), 'session.revoked', ...range(600, 640)];
      expect(await heardUntil(stream, 'm639')).toEqual(expected);
      await stream.close();
      // More has passed than memory holds, none of it for this user.
      const before = await leave(small);
      await new Conversation(world, newId.workspace(), newId.channel()).sayAll(range(0, 20));
      await secret.sayAll(range(0, 10));
      const quiet = await listen(small, ada, before);
      await general.say('end');
      expect(await heardUntil(quiet, 'end')).toEqual(['end']);
      await quiet.close();
    } finally {
      await small.stop();
    }
  });

  it('waits for a feed that is behind the cursor', async () => {
    await room();
    const frames = await listen(notify, ada);
    await general.say('seen');
    const { id } = await frames.next((frame) => frame.data !== '' && textOf(frame) === 'seen');
    await frames.close();
    const second = await RunningNotify.start(world);
    try {
      const stream = await listen(second, ada, id);
      await general.say('next');
      expect(await heardUntil(stream, 'next')).toEqual(['next']);
      await stream.close();
    } finally {
      await second.stop();
    }
  });

  it('asks the client to fetch again when the cursor is malformed, of another epoch or ahead', async () => {
    await room();
    const [epoch, seq] = cursor.split('-');
    expect(await resync('nonsense')).toBe('malformed');
    expect(await resync(`zzz-${seq}`)).toBe('epoch');
    expect(await resync(`${epoch}-9007199254740991`)).toBe('ahead');
  });

  it('asks the client to fetch again when retention has passed the cursor', async () => {
    await room();
    await general.sayAll(range(0, 30));
    await world.bus.jsm.streams.purge(EVENTS_STREAM, { seq: Number((await leave()).split('-')[1]) });
    const fresh = await RunningNotify.start(world);
    try {
      expect(await resync(cursor, fresh)).toBe('expired');
    } finally {
      await fresh.stop();
    }
  });
});

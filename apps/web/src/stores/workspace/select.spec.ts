import { describe, expect, it } from 'vitest';
import { unreadIn, type Channel, type MyChannel } from '#contracts';
import { FakeServer } from './server.fixture.js';
import { apply } from './apply.js';
import { homeChannel, nameOf, peopleOf, roomsOf, titleOf, totalUnread } from './select.js';
import { applyAllRead, applyBootstrap } from './snapshot.js';
import { emptyState } from './state.js';

const start = () => {
  const server = new FakeServer();
  const state = applyBootstrap(emptyState, server.bootstrap());
  const channelId = server.channelIds[0] ?? '';
  return { server, state, channelId };
};

const first = (channels: Readonly<Record<string, MyChannel>>, id: string): MyChannel => {
  const my = channels[id];
  if (!my) throw new Error('no such channel');
  return my;
};

describe('unread', () => {
  it('counts what others wrote and nothing after the reader wrote', () => {
    const { server, state, channelId } = start();
    server.send(0, false);
    server.send(0, false);
    const after = server.log.slice(1).reduce(apply, state);
    expect(unreadIn(first(after.channels, channelId))).toBe(2);
    server.send(0, true);
    const own = server.log.slice(3).reduce(apply, after);
    expect(unreadIn(first(own.channels, channelId))).toBe(0);
    expect(totalUnread(own)).toBe(0);
  });

  it('does not count edits, nor what was deleted', () => {
    const { server, state, channelId } = start();
    server.send(0, false);
    server.change(0, 0, false);
    server.change(0, 0, true);
    const after = server.log.slice(1).reduce(apply, state);
    expect(unreadIn(first(after.channels, channelId))).toBe(0);
  });

  it('reads all that is known here before the server knows', () => {
    const { server, state, channelId } = start();
    server.send(0, false);
    server.send(0, false);
    const after = server.log.slice(1).reduce(apply, state);
    const read = applyAllRead(applyAllRead(after, channelId), channelId);
    expect(first(read.channels, channelId).lastReadSeq).toBe(2);
    expect(applyAllRead(read, 'unknown')).toBe(read);
  });
});

describe('names', () => {
  const direct = (ids: string[]): Channel =>
    ({ kind: 'direct', name: null, directUserIds: ids }) as unknown as Channel;

  it('calls a direct conversation by the others in it', () => {
    const { server, state } = start();
    server.togglePerson(0);
    const after = server.log.slice(1).reduce(apply, state);
    const other = peopleOf(after).find(({ user }) => user.id !== server.me.id)?.user;
    expect(titleOf(after, direct([server.me.id, other?.id ?? '']))).toBe('Person 0');
    expect(titleOf(after, direct([server.me.id]))).toBe('Me (you)');
    expect(nameOf(after, 'gone')).toBe('Former member');
  });

  it('lands in general, otherwise in the first channel', () => {
    const { server, state } = start();
    expect(homeChannel(state)?.channel.name).toBe('room-0');
    server.createChannel(true);
    const named = server.log
      .slice(1)
      .map((event) =>
        event.type === 'channel.created'
          ? { ...event, data: { ...event.data, channel: { ...event.data.channel, name: 'general' } } }
          : event,
      );
    const after = named.reduce(apply, state);
    expect(homeChannel(after)?.channel.name).toBe('general');
    expect(roomsOf(after).map(({ channel }) => channel.name)).toEqual(['general', 'room-0']);
  });
});

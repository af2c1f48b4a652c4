import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EVENTS_STREAM,
  parseEventSubject,
  partitionOf,
  type MyWorkspace,
  type SearchResult,
} from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

const PARTITIONS = 4;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `gnu ${from + i}`);

describe('chat with several partitions', () => {
  let chat: RunningChat;
  let ada: Person;
  let rooms: { workspace: MyWorkspace; channelId: string }[];

  beforeAll(async () => {
    chat = await RunningChat.start({ EVENT_PARTITIONS: String(PARTITIONS) });
    ada = await chat.person();
    rooms = [];
    // Ids are random: as many workspaces as it takes to have three of the partitions.
    while (
      rooms.length < 6 ||
      new Set(rooms.map((room) => partitionOf(room.workspace.id, PARTITIONS))).size < 3
    ) {
      const workspace = await chat.workspace(ada);
      rooms.push({ workspace, channelId: await chat.channel(ada, workspace.id) });
    }
  }, 60_000);
  afterAll(() => chat.stop());

  /** Where the events of a workspace lie, `_` for those of accounts, in stream order. */
  const addresses = async () => {
    await chat.published();
    const { messages, last_seq } = (await chat.bus.jsm.streams.info(EVENTS_STREAM)).state;
    expect(messages).toBe(last_seq);
    const seqs = Array.from({ length: last_seq }, (_, index) => index + 1);
    const stored = await Promise.all(
      seqs.map((seq) => chat.bus.jsm.streams.getMessage(EVENTS_STREAM, { seq })),
    );
    return stored.map((message) => parseEventSubject(message?.subject ?? ''));
  };
  const heard = async (channelId: string) =>
    (await chat.allEvents()).flatMap((event) =>
      event.type === 'message.created' && event.channelId === channelId ? [event.data.message.text] : [],
    );

  it('publishes each event to the partition of its workspace, messages like anything else', async () => {
    await Promise.all(rooms.map(({ channelId }) => chat.send(ada, channelId, 'hello')));
    await chat.call('PATCH /me', { body: { title: 'Countess' }, token: ada.token });
    const found = await addresses();
    expect(found.map((address) => address?.partition)).toEqual(
      found.map((address) => partitionOf(address?.workspace as string, PARTITIONS)),
    );
    const kinds = new Set(found.map((address) => `${address?.scope} ${address?.type}`));
    expect([...kinds]).toEqual(expect.arrayContaining(['channel message.created', 'user me.updated']));
    expect(new Set(found.map((address) => address?.partition)).size).toBeGreaterThanOrEqual(3);
  });

  it('keeps the order of each channel, while a restart brings another number of partitions, too', async () => {
    const [{ channelId, workspace }] = rooms as [{ channelId: string; workspace: MyWorkspace }];
    const other = partitionOf(workspace.id, PARTITIONS) === partitionOf(workspace.id, 3) ? 5 : 3;
    for (const text of range(0, 10)) await chat.send(ada, channelId, text);
    await chat.published();
    const restarted = await chat.second({ EVENT_PARTITIONS: String(other) });
    for (const text of range(10, 20)) await chat.send(ada, channelId, text, undefined, restarted);
    await chat.published();
    for (const text of range(20, 30)) await chat.send(ada, channelId, text);
    expect(await heard(channelId)).toEqual(['hello', ...range(0, 30)]);
  });

  it('indexes what was said in all of them', async () => {
    await Promise.all(rooms.map(({ channelId }) => chat.send(ada, channelId, 'zebra')));
    for (const { workspace } of rooms) {
      await eventually(
        async () => {
          const { body } = await chat.call<SearchResult>(`GET /workspaces/${workspace.id}/search?q=zebra`, {
            token: ada.token,
          });
          expect(body.data).toHaveLength(1);
        },
        { timeoutMs: 10_000 },
      );
    }
  });
});

import type { Channel, Message, MyChannel, ParleyEvent } from '#contracts';
import type {
  Command,
  DeviceRecord,
  End,
  FaultRecord,
  Heard,
  History,
  LogEntry,
  StoredMessage,
} from './history.ts';

const SINCE = Date.parse('2026-01-01T00:00:00.000Z');
const STEP_MS = 1_000;
const ADA = 'ada';
const BOB = 'bob';
const EVE = 'eve';
const SAM = 'sam';
const VAULT = 'vault-id';

const messageOf = (seq: number, text: string): Message =>
  ({
    ...{ id: `m${seq}`, workspaceId: 'w', channelId: VAULT, senderId: ADA, clientMessageId: `c${seq}` },
    ...{ text, createdAt: timeOf(seq), editedAt: null, deletedAt: null, version: 1, ordinal: seq, seq },
  }) as Message;
const at = (position: number): number => SINCE + position * STEP_MS;
const timeOf = (position: number): string => new Date(at(position)).toISOString();

const entryOf = (position: number, type: string, data: object, seq: number | null = null): LogEntry => ({
  position,
  storedAt: at(position) + 5,
  scope: 'channel',
  addressee: VAULT,
  event: {
    ...{ id: `e${position}`, type, source: '/chat', time: timeOf(position), workspaceId: 'w' },
    ...{ channelId: VAULT, actorId: ADA, traceparent: null, data, seq },
  } as unknown as ParleyEvent,
});

/** Eve enters and leaves again around what Ada says. */
const LOG: readonly LogEntry[] = [
  entryOf(1, 'message.created', { message: messageOf(1, 'one') }, 1),
  entryOf(2, 'member.joined', {
    ...{ user: { id: EVE }, role: 'member', lastReadSeq: 1 },
    channel: { id: VAULT, lastOrdinal: 1 },
  }),
  entryOf(3, 'message.created', { message: messageOf(2, 'two') }, 2),
  entryOf(
    4,
    'message.created',
    { message: { ...messageOf(3, `three`), mentions: [{ kind: 'user', id: BOB }] } },
    3,
  ),
  entryOf(5, 'member.left', { userId: EVE, reason: 'removed' }),
  entryOf(6, 'message.created', { message: messageOf(4, 'four') }, 4),
];

const commandOf = (entry: LogEntry): Command[] => {
  const { event, position } = entry;
  if (event.type !== 'message.created') return [];
  const { id, seq, clientMessageId, text } = event.data.message;
  const times = { invokedAt: at(position) - 10, ackedAt: at(position) + 2 };
  return [
    { kind: 'send', personId: ADA, channelId: VAULT, clientMessageId, text, ...times, message: { id, seq } },
  ];
};

const storedOf = (entry: LogEntry): StoredMessage[] => {
  if (entry.event.type !== 'message.created') return [];
  const { id, channelId, senderId, clientMessageId, seq, version, text } = entry.event.data.message;
  return [{ id, channelId, senderId, clientMessageId, seq, version, text, deleted: false, inChannel: true }];
};

const myChannel = (lastReadSeq: number, lastSeq: number): MyChannel => ({
  channel: { id: VAULT, lastSeq, lastOrdinal: lastSeq } as Channel,
  ...({
    role: 'member',
    roleVersion: 1,
    lastReadSeq,
    lastReadOrdinal: lastReadSeq,
    cursorVersion: 0,
  } as const),
  ...{ movedAtSeq: 0, removedSeqs: [], mentionSeqs: [] },
  preferences: {} as MyChannel['preferences'],
});

const deviceOf = (
  name: string,
  personId: string,
  positions: readonly number[],
  member: boolean,
): DeviceRecord => ({
  name,
  personId,
  admitted: true,
  heard: [
    { kind: 'state', channels: member ? [myChannel(0, 0)] : [], cursor: 0 },
    { kind: 'opened', at: at(0), after: 0 },
    ...positions.map((position): Heard => ({
      kind: 'event',
      at: at(position) + 20,
      position,
      id: `e${position}`,
    })),
    { kind: 'closed', at: at(9) },
  ],
});

const END: End = {
  stored: LOG.flatMap(storedOf),
  messages: LOG.flatMap(({ event }) => (event.type === 'message.created' ? [event.data.message] : [])),
  people: [
    { personId: ADA, channels: [myChannel(4, 4)], badges: [] },
    {
      personId: BOB,
      channels: [myChannel(0, 4)],
      badges: [{ channelId: VAULT as never, unread: 4, mentions: 1 }],
    },
    { personId: EVE, channels: [], badges: [] },
  ],
  outboxRows: 0,
  unindexedEvents: 0,
  documents: LOG.flatMap(storedOf).map(({ id, text }) => ({ messageId: id, terms: [text] })),
  deadLetters: 0,
};

/** A small trial in which every promise was kept. */
export const sampleHistory = (): History => ({
  seed: 1,
  people: [
    { id: ADA, name: 'Ada', role: 'owner' },
    { id: BOB, name: 'Bob', role: 'member' },
    { id: EVE, name: 'Eve', role: 'member' },
    { id: SAM, name: 'Sam', role: 'stranger' },
  ],
  channels: [{ id: VAULT, name: 'vault', since: 0, memberIds: [ADA, BOB] }],
  commands: LOG.flatMap(commandOf),
  faults: [],
  log: LOG,
  devices: [
    deviceOf("Ada's desk", ADA, [1, 2, 3, 4, 5, 6], true),
    deviceOf("Bob's desk", BOB, [1, 2, 3, 4, 5, 6], true),
    deviceOf("Eve's desk", EVE, [2, 3, 4, 5], false),
    { name: "Sam's desk", personId: SAM, admitted: false, heard: [] },
  ],
  end: END,
});

export const faultAt = (position: number): FaultRecord => ({
  target: 'chat',
  kind: 'kill',
  from: at(position),
  to: at(position) + 10,
});

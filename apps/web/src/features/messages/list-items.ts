import type { OutboxMessage } from '#client';
import type { Message } from '#contracts';

export type Row =
  | { kind: 'message'; key: string; message: Message }
  | { kind: 'pending'; key: string; message: OutboxMessage };

export type ListItem =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string }
  | { kind: 'group'; key: string; senderId: string; at: string; rows: Row[] };

const GROUP_WINDOW_MS = 5 * 60_000;

const dayOf = (iso: string): string => new Date(iso).toDateString();

/** One key for the optimistic and the confirmed row, so that the element stays and nothing flickers. */
const keyOf = (senderId: string, clientMessageId: string): string => `${senderId}:${clientMessageId}`;

type Entry = { senderId: string; at: string; seq: number; row: Row };

const entriesOf = (
  messages: readonly Message[],
  pending: readonly OutboxMessage[],
  meId: string,
): Entry[] => [
  ...messages.map((message): Entry => ({
    senderId: message.senderId,
    at: message.createdAt,
    seq: message.seq,
    row: { kind: 'message', key: keyOf(message.senderId, message.clientMessageId), message },
  })),
  ...pending.map((message): Entry => ({
    senderId: meId,
    at: message.createdAt,
    seq: Infinity,
    row: { kind: 'pending', key: keyOf(meId, message.clientMessageId), message },
  })),
];

/**
 * Lays out a timeline: a separator per day, one line before the first message after `newAfter`, and the
 * messages of one sender within five minutes together.
 */
export const listItems = (
  messages: readonly Message[],
  pending: readonly OutboxMessage[],
  meId: string,
  newAfter: number | null,
): ListItem[] => {
  const items: ListItem[] = [];
  let group: Extract<ListItem, { kind: 'group' }> | null = null;
  let day = '';
  let lineDrawn = newAfter === null;
  for (const { senderId, at, seq, row } of entriesOf(messages, pending, meId)) {
    const today = dayOf(at);
    if (today !== day) {
      items.push({ kind: 'day', key: `day:${today}`, at });
      day = today;
      group = null;
    }
    if (!lineDrawn && newAfter !== null && seq > newAfter && row.kind === 'message') {
      items.push({ kind: 'new', key: 'new' });
      lineDrawn = true;
      group = null;
    }
    const last = group?.rows.at(-1);
    const near = last && Math.abs(Date.parse(at) - Date.parse(last.message.createdAt)) < GROUP_WINDOW_MS;
    if (group && near && group.senderId === senderId) {
      group.rows.push(row);
    } else {
      group = { kind: 'group', key: `group:${row.key}`, senderId, at, rows: [row] };
      items.push(group);
    }
  }
  return items;
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutboxMessage } from '#client';
import type { Message } from '#contracts';
import { listItems } from './list-items.js';

const at = (minutes: number): string => new Date(2026, 4, 4, 9, minutes).toISOString();

const message = (seq: number, senderId: string, minutes: number): Message =>
  ({
    seq,
    senderId,
    createdAt: at(minutes),
    clientMessageId: `m${seq}`,
    text: `${seq}`,
  }) as unknown as Message;

const pending = (id: string, minutes: number): OutboxMessage =>
  ({ clientMessageId: id, text: id, createdAt: at(minutes), state: 'sending' }) as unknown as OutboxMessage;

const shape = (items: ReturnType<typeof listItems>): string[] =>
  items.map((item) => (item.kind === 'group' ? `${item.senderId}:${item.rows.length}` : item.kind));

describe('listItems', () => {
  it('puts messages of one sender within five minutes together', () => {
    const items = listItems(
      [message(1, 'ada', 0), message(2, 'ada', 4), message(3, 'ada', 8)],
      [],
      'me',
      null,
    );
    expect(shape(items)).toEqual(['day', 'ada:3']);
  });

  it('starts a new group for another sender and after a pause', () => {
    const messages = [message(1, 'ada', 0), message(2, 'bob', 1), message(3, 'ada', 2), message(4, 'ada', 7)];
    expect(shape(listItems(messages, [], 'me', null))).toEqual(['day', 'ada:1', 'bob:1', 'ada:1', 'ada:1']);
  });

  it('separates days', () => {
    const messages = [message(1, 'ada', 0), message(2, 'ada', 24 * 60)];
    expect(shape(listItems(messages, [], 'me', null))).toEqual(['day', 'ada:1', 'day', 'ada:1']);
  });

  it('draws one line before the first unread message', () => {
    const messages = [message(1, 'ada', 0), message(2, 'ada', 1), message(3, 'ada', 2)];
    expect(shape(listItems(messages, [], 'me', 1))).toEqual(['day', 'ada:1', 'new', 'ada:2']);
    expect(shape(listItems(messages, [], 'me', 3))).toEqual(['day', 'ada:3']);
  });

  it('appends unsent messages to my group and never below the new line', () => {
    const items = listItems([message(1, 'me', 0)], [pending('a', 1), pending('b', 2)], 'me', 1);
    expect(shape(items)).toEqual(['day', 'me:3']);
  });

  it('gives a message the same key before and after it was confirmed', () => {
    const key = (items: ReturnType<typeof listItems>) =>
      items.flatMap((item) => (item.kind === 'group' ? item.rows.map((row) => row.key) : []));
    const confirmed = listItems([message(1, 'me', 0)], [], 'me', null);
    expect(key(listItems([], [pending('m1', 0)], 'me', null))).toEqual(key(confirmed));
  });

  it('shows every message once and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('ada', 'bob', 'me'), fc.nat(400))),
        fc.option(fc.nat(20)),
        (senders, newAfter) => {
          let minutes = 0;
          const messages = senders.map(([sender, gap], i) => message(i + 1, sender, (minutes += gap)));
          const items = listItems(messages, [], 'me', newAfter);
          const rows = items.flatMap((item) => (item.kind === 'group' ? item.rows : []));
          expect(rows.map((row) => row.message)).toEqual(messages);
          expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
        },
      ),
    );
  });
});

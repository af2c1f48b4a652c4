import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uuidv7 } from '#core';
import { newId } from '#testing';
import { conversationIdOf, digestOf, mailsOf, messageIdOf, type Item } from './digest.js';

const userId = newId.user();
const workspaceIds = [newId.workspace(), newId.workspace()];
const channelIds = workspaceIds.map(() => [newId.channel(), newId.channel()]);
const threadIds = channelIds.map((own) => own.map(() => newId.message()));

/** The `n`th notification, in some conversation. */
const item = (
  n: number,
  workspace: number,
  channel: number,
  inThread: boolean,
  attempt = 1,
  lease = 0,
): Item => ({
  delivery: {
    id: uuidv7(),
    attempt,
    channel: 'email',
    dueAt: new Date(1_770_000_000_000 + lease),
    notificationId:
      `019bc0a1-7c00-7a10-8000-${String(n).padStart(12, '0')}` as Item['delivery']['notificationId'],
    userId,
    workspaceId: workspaceIds[workspace] as Item['delivery']['workspaceId'],
    channelId: channelIds[workspace]?.[channel] as Item['delivery']['channelId'],
    messageId: newId.message(),
    threadId: inThread ? (threadIds[workspace]?.[channel] ?? null) : null,
    senderId: newId.user(),
    reason: 'mention',
    createdAt: new Date(1_770_000_000_000 + n),
  },
  notice: {
    workspaceName: `W${workspace}`,
    channelName: `c${channel}`,
    senderName: 'Grace',
    preview: `${n}`,
  },
});
const items = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: 0, max: 1 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 1 }),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((all) => all.map(([w, c, t, attempt, lease], n) => item(n, w, c, t, attempt, lease)))
  .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));
const ids = (some: readonly Item[]) => some.map(({ delivery }) => delivery.id);

describe('a digest', () => {
  it('tells each message once or counts it, the oldest first, under its workspace and conversation', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 40 }), (all, max) => {
        const { workspaces, more } = digestOf(all, max);
        const conversations = workspaces.flatMap((workspace) => workspace.conversations);
        const told = conversations.flatMap((conversation) => conversation.items);
        expect(told.length).toBe(Math.min(max, all.length));
        expect(told.length + more).toBe(all.length);
        expect(new Set(ids(told)).size).toBe(told.length);
        const numbers = all.map(({ notice }) => Number(notice.preview)).sort((a, b) => a - b);
        const toldNumbers = told.map(({ notice }) => Number(notice.preview)).sort((a, b) => a - b);
        expect(toldNumbers).toEqual(numbers.slice(0, max));
        const places = conversations.map(
          ({ workspaceId, channelId, threadId }) => `${workspaceId} ${channelId} ${threadId}`,
        );
        expect(new Set(places).size).toBe(places.length);
        expect(new Set(workspaces.map(({ workspaceId }) => workspaceId)).size).toBe(workspaces.length);
        for (const { workspaceId, channelId, threadId, items: own } of conversations) {
          for (const { delivery } of own)
            expect([delivery.workspaceId, delivery.channelId, delivery.threadId]).toEqual([
              workspaceId,
              channelId,
              threadId,
            ]);
          const order = own.map(({ notice }) => Number(notice.preview));
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('is one mail for what is new, and the same mail again for what was claimed together before', () => {
    fc.assert(
      fc.property(items, (all) => {
        const mails = mailsOf(all);
        expect(mails.flatMap(ids).sort()).toEqual(ids(all).sort());
        for (const mail of mails) {
          const kinds = new Set(
            mail.map(({ delivery: { attempt, dueAt } }) => (attempt === 1 ? 'new' : dueAt.getTime())),
          );
          expect(kinds.size).toBe(1);
        }
        expect(mails.length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('has an id that depends on what it tells, and on nothing else', () => {
    fc.assert(
      fc.property(items, (all) => {
        const id = messageIdOf(all, 'chat.example');
        expect(id).toMatch(/^<n\.[0-9a-f]{32}@chat\.example>$/);
        expect(messageIdOf(all.toReversed(), 'chat.example')).toBe(id);
        expect(messageIdOf([...all, item(99, 0, 0, false)], 'chat.example')).not.toBe(id);
      }),
    );
  });

  it('continues the conversation it is about, unless it is about several', () => {
    const of = (...some: Item[]) => conversationIdOf(some, 'chat.example');
    const first = of(item(1, 0, 0, false));
    expect(first).toMatch(/^<c\.[0-9a-f]{32}@chat\.example>$/);
    expect(of(item(2, 0, 0, false), item(3, 0, 0, false))).toBe(first);
    expect(of(item(2, 0, 0, true))).not.toBe(first);
    expect(of(item(2, 0, 1, false))).not.toBe(first);
    expect(of(item(1, 0, 0, false), item(2, 0, 1, false))).toBeNull();
  });
});

import { createHash } from 'node:crypto';
import type { Notice } from '#contracts';
import type { ClaimedDelivery } from '../notifications/delivery.js';

/** What one mail tells in words, at most; the rest is counted. */
export const MAX_ITEMS = 25;

export type Item = { delivery: ClaimedDelivery; notice: Notice };
export type Conversation = {
  workspaceId: string;
  channelId: string;
  threadId: string | null;
  channelName: string | null;
  items: Item[];
};
export type WorkspaceGroup = { workspaceId: string; name: string; conversations: Conversation[] };
export type Digest = { workspaces: WorkspaceGroup[]; more: number };

/** In the order in which it was said. */
const inOrder = (items: readonly Item[]): Item[] =>
  items.toSorted(({ delivery: a }, { delivery: b }) =>
    a.notificationId < b.notificationId ? -1 : a.notificationId > b.notificationId ? 1 : 0,
  );

/**
 * What goes into one mail each, of one person. What was claimed together before goes together again, without
 * what came since: so it is the same mail, and a mailbox that has it already can tell.
 */
export const mailsOf = (items: readonly Item[]): Item[][] =>
  [
    ...Map.groupBy(items, ({ delivery }) => (delivery.attempt === 1 ? 0 : delivery.dueAt.getTime())).values(),
  ].map(inOrder);

/** What is told, by workspace and conversation: each where its first item stands, its items in their order. */
export const digestOf = (items: readonly Item[], max = MAX_ITEMS): Digest => {
  const told = inOrder(items).slice(0, max);
  const workspaces = [...Map.groupBy(told, ({ delivery }) => delivery.workspaceId)].map(
    ([workspaceId, own]): WorkspaceGroup => ({
      workspaceId,
      name: own[0]?.notice.workspaceName ?? '',
      conversations: [...Map.groupBy(own, ({ delivery: of }) => of.threadId ?? of.channelId).values()].map(
        ([first, ...rest]): Conversation => {
          const { delivery, notice } = first as Item;
          const { channelId, threadId } = delivery;
          return {
            workspaceId,
            channelId,
            threadId,
            channelName: notice.channelName,
            items: [first as Item, ...rest],
          };
        },
      ),
    }),
  );
  return { workspaces, more: items.length - told.length };
};

const digest = (...parts: string[]): string =>
  createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 32);

/** The same deliveries are the same mail, however often it is sent. */
export const messageIdOf = (items: readonly Item[], host: string): string =>
  `<n.${digest(...items.map(({ delivery }) => delivery.id).sort())}@${host}>`;

/** What the mails of one conversation refer to, each person's own; null for a mail about several. */
export const conversationIdOf = (items: readonly Item[], host: string): string | null => {
  const keys = new Set(
    items.map(({ delivery: { userId, threadId, channelId } }) => `${userId} ${threadId ?? channelId}`),
  );
  const [key, ...others] = keys;
  return key === undefined || others.length > 0 ? null : `<c.${digest(key)}@${host}>`;
};

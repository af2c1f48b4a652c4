import {
  EmojiKey,
  MAX_MENTIONS,
  parseMentions,
  type ClientMessageId,
  type Mention,
  type MessageId,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { unicodeOf } from '../emoji/shortcode.js';
import type { Omission } from '../operations/operation.js';
import { toMarkdown, type Counterparts } from './convert.js';
import { SlackMessage } from './slack-format.js';
import { clientIdOf, messageIdOf, parseTs } from './slack-time.js';

/** Longer texts are cut; the export keeps them whole. */
const MAX_TEXT = 100_000;

export type ImportedMessage = {
  id: MessageId;
  clientMessageId: ClientMessageId;
  ts: string;
  threadTs: string | null;
  /** A reply that its channel shows too. */
  broadcast: boolean;
  senderId: UserId;
  text: string;
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  pinned: { userId: UserId; at: string } | null;
  mentions: Mention[];
  reactions: { emoji: string; userId: UserId }[];
  /** The message as it came. */
  raw: string;
};

/** What a message needs to know of its surroundings. */
export type ImportContext = {
  workspaceId: WorkspaceId;
  sourceChannel: string;
  now: number;
  counterparts: Counterparts;
  user(sourceId: string): UserId | null;
  /** Who pinned a message, and when. */
  pin(ts: string): { user: string; created: number } | null;
};

/** An emoji of Unicode where the name is one's, otherwise the name as that of an emoji of the workspace. */
export const emojiOf = (name: string): string => {
  const unicode = unicodeOf(name);
  if (unicode) return unicode;
  const custom = `:${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_+-]/g, '_')
    .padEnd(2, '_')
    .slice(0, 64)}:`;
  return EmojiKey.safeParse(custom).success ? custom : '\u2753';
};

/** Whoever wrote it; bots without an account by their bot id, and Slack itself. */
export const authorOf = (message: Pick<SlackMessage, 'user' | 'bot_id' | 'username'>): string =>
  message.user || message.bot_id || (message.username ? `NAMED${hex(message.username)}` : 'USLACKBOT');
const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase().slice(0, 56);

const clean = (text: string) => text.replaceAll('\u0000', '').toWellFormed();

/** What one reads of it: its words, those of its attachments, the names of its files. */
const wordsOf = (message: SlackMessage): string => {
  const attached = message.attachments.map(({ fallback, text }) => text || fallback);
  const files = message.files.map(
    ({ name }) => `\u{1F4CE} ${name.replaceAll(/[&<>*_~`]/g, ' ').trim() || 'file'}`,
  );
  const body = [message.text, ...(message.text ? [] : attached), ...files].filter(
    (part) => part.trim() !== '',
  );
  return body.join('\n') || `(${message.subtype ?? 'empty message'})`.replaceAll('_', ' ');
};

/** One message of an export as we store it, or why it is left out. */
export const importMessage = (
  source: unknown,
  context: ImportContext,
):
  | { message: ImportedMessage; shortened: boolean }
  | { omission: Pick<Omission, 'pointer' | 'code' | 'detail'> } => {
  const parsed = SlackMessage.safeParse(source);
  if (!parsed.success) {
    const pointer = `/${parsed.error.issues[0]?.path.join('/') ?? ''}`;
    return { omission: { pointer, code: 'malformed', detail: 'is not a message' } };
  }
  const message = parsed.data;
  const time = parseTs(message.ts, context.now);
  if (!time) return { omission: { pointer: '/ts', code: 'malformed', detail: 'is not a time' } };
  const senderId = context.user(authorOf(message));
  if (!senderId) return { omission: { pointer: '/user', code: 'unknown', detail: 'is nobody' } };

  const key = [context.workspaceId, context.sourceChannel, message.ts] as const;
  const deleted = message.subtype === 'tombstone';
  const whole = deleted
    ? ''
    : clean(toMarkdown(wordsOf(message).slice(0, 4 * MAX_TEXT), context.counterparts));
  const text = whole.slice(0, MAX_TEXT).toWellFormed();
  const createdAt = new Date(time.ms).toISOString();
  const edited = message.edited && parseTs(message.edited.ts, context.now);
  const pin =
    message.pinned_to.includes(context.sourceChannel) || context.pin(message.ts)
      ? pinOf(message, context)
      : null;
  return {
    shortened: text.length < whole.length,
    message: {
      id: messageIdOf(time, ...key) as MessageId,
      clientMessageId: clientIdOf(...key) as ClientMessageId,
      ts: message.ts,
      threadTs: message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : null,
      broadcast: message.subtype === 'thread_broadcast',
      senderId,
      text,
      createdAt,
      editedAt: edited && !deleted ? new Date(edited.ms).toISOString() : null,
      deletedAt: deleted ? createdAt : null,
      pinned: pin && !deleted ? { userId: pin.userId ?? senderId, at: pin.at ?? createdAt } : null,
      mentions: parseMentions(text).slice(0, MAX_MENTIONS),
      reactions: deleted ? [] : reactionsOf(message, context),
      raw: JSON.stringify(source),
    },
  };
};

const pinOf = (
  { ts }: SlackMessage,
  context: ImportContext,
): { userId: UserId | null; at: string | null } => {
  const pin = context.pin(ts);
  return {
    userId: pin && context.user(pin.user),
    at: pin && pin.created > 0 ? new Date(pin.created * 1000).toISOString() : null,
  };
};

const reactionsOf = ({ reactions }: SlackMessage, context: ImportContext): ImportedMessage['reactions'] => {
  const all = new Map<string, { emoji: string; userId: UserId }>();
  for (const { name, users } of reactions)
    for (const user of users) {
      const userId = context.user(user);
      const emoji = emojiOf(name);
      if (userId) all.set(`${emoji} ${userId}`, { emoji, userId });
    }
  return [...all.values()];
};

import type { UserId } from '#contracts';
import { shortcodeOf } from '../emoji/shortcode.js';
import type { MessageRow } from '../messages/message.js';
import { toMrkdwn, type Counterparts } from './convert.js';
import { emojiOf } from './import-message.js';
import { SlackReactions } from './slack-format.js';
import { tsOf } from './slack-time.js';

export type Json = Record<string, unknown>;
type RawReaction = { name: string; users: string[]; count?: number };

/** A message of ours with what an import knew of it. */
export type ExportRow = Pick<
  MessageRow,
  | 'id'
  | 'senderId'
  | 'clientMessageId'
  | 'text'
  | 'createdAt'
  | 'editedAt'
  | 'deletedAt'
  | 'threadId'
  | 'inChannel'
  | 'poll'
  | 'forwarded'
  | 'pinnedAt'
  | 'seq'
> & {
  ts: string | null;
  sourceChannel: string | null;
  raw: Json | null;
  rootTs: string | null;
  rootCreatedAt: Date | null;
  rootSeq: number | null;
  rootSender: UserId | null;
};
export type ExportReply = { senderId: UserId; createdAt: Date; seq: number; ts: string | null };
export type ExportContext = {
  channel: string;
  /** Messages that the export which was imported had pinned. */
  pins: ReadonlySet<string>;
  sourceOf: (userId: UserId) => string;
  userOf: (sourceId: string) => UserId | undefined;
  counterparts: Counterparts;
};

export const tsOfRow = (row: { ts: string | null; createdAt: Date; seq: number }): string =>
  row.ts ?? tsOf(row.createdAt, row.seq);

const seconds = (date: Date) => tsOf(date, 0);

/**
 * A message as it stands in an export; null for what is deleted and nobody answered. What came with an
 * import goes out as it came, except for what was changed here since.
 */
export const exportMessage = (
  row: ExportRow,
  reactions: readonly { emoji: string; userId: UserId }[],
  replies: readonly ExportReply[],
  context: ExportContext,
): Json | null => {
  const ts = tsOfRow(row);
  if (row.deletedAt) return row.raw ?? (replies.length > 0 ? tombstone(ts, replies, context) : null);
  const message: Json = row.raw ? { ...row.raw } : ours(row, ts, context);
  if (row.raw && editedHere(row))
    Object.assign(message, { text: textOf(row, context), edited: edited(row, context) });
  // The same words once more, in another form.
  if (row.raw && editedHere(row)) delete message['blocks'];
  assign(message, 'reactions', reactionsOf(row.raw, reactions, context));
  assign(message, 'pinned_to', pinsOf(row, ts, context));
  if (replies.some((reply) => reply.ts === null)) Object.assign(message, threadOf(ts, replies, context));
  return message;
};

const assign = (message: Json, key: string, value: unknown[]): void => {
  if (value.length > 0) message[key] = value;
  else if (Array.isArray(message[key]) && (message[key] as unknown[]).length > 0) delete message[key];
};

const editedHere = ({ editedAt, raw }: ExportRow): boolean => {
  const { ts } = (raw?.['edited'] ?? {}) as { ts?: string };
  const before = typeof ts === 'string' ? Math.floor(Number(ts) * 1000) : null;
  return editedAt !== null && (before === null || Math.abs(editedAt.getTime() - before) > 1);
};

const edited = (row: ExportRow, context: ExportContext): Json => ({
  user: context.sourceOf(row.senderId),
  ts: seconds(row.editedAt as Date),
});

/** What the format has no place for is told in words. */
const textOf = ({ text, poll, forwarded, raw }: ExportRow, { counterparts }: ExportContext): string => {
  const own = raw?.['files']
    ? text
        .split('\n')
        .filter((line) => !line.startsWith('\u{1F4CE} '))
        .join('\n')
    : text;
  const quoted = forwarded ? forwarded.text.split('\n').map((line) => `> ${line}`) : [];
  const options = poll ? poll.options.map((option) => `- ${option.text}`) : [];
  return toMrkdwn([own, ...quoted, ...options].filter((line) => line !== '').join('\n'), counterparts);
};

const ours = (row: ExportRow, ts: string, context: ExportContext): Json => {
  const broadcast = row.threadId !== null && row.inChannel;
  const rootTs =
    row.rootCreatedAt && row.rootSeq !== null
      ? tsOfRow({ ts: row.rootTs, createdAt: row.rootCreatedAt, seq: row.rootSeq })
      : null;
  return {
    type: 'message',
    ...(broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: context.sourceOf(row.senderId),
    text: textOf(row, context),
    ts,
    client_msg_id: row.clientMessageId,
    ...(row.editedAt ? { edited: edited(row, context) } : {}),
    ...(rootTs ? { thread_ts: rootTs } : {}),
    ...(rootTs && row.rootSender ? { parent_user_id: context.sourceOf(row.rootSender) } : {}),
  };
};

const threadOf = (ts: string, replies: readonly ExportReply[], { sourceOf }: ExportContext): Json => {
  const users = [...new Set(replies.map(({ senderId }) => sourceOf(senderId)))];
  const told = replies.map((reply) => ({ user: sourceOf(reply.senderId), ts: tsOfRow(reply) }));
  return {
    thread_ts: ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: told.at(-1)?.ts,
    reply_users: users,
    replies: told,
  };
};

const tombstone = (ts: string, replies: readonly ExportReply[], context: ExportContext): Json => ({
  type: 'message',
  subtype: 'tombstone',
  user: 'USLACKBOT',
  text: 'This message was deleted.',
  hidden: true,
  ts,
  ...threadOf(ts, replies, context),
});

/** Those of the source that still stand, under the names it gave them, then those that came here. */
const reactionsOf = (
  raw: Json | null,
  reactions: readonly { emoji: string; userId: UserId }[],
  context: ExportContext,
): RawReaction[] => {
  const keyOf = (emoji: string, userId: UserId | undefined) => `${emoji} ${userId ?? ''}`;
  const standing = new Set(reactions.map(({ emoji, userId }) => keyOf(emoji, userId)));
  const told = new Set<string>();
  const source = Array.isArray(raw?.['reactions']) ? (raw['reactions'] as RawReaction[]) : [];
  const legible = SlackReactions.safeParse(source).success;
  // The import could not read them either, so nothing here stands for them: they go on as they came.
  if (!legible && reactions.length === 0) return source;
  const before = legible ? source : [];
  const kept = before.flatMap((reaction) => {
    const emoji = emojiOf(reaction.name);
    const users = reaction.users.filter((user) => standing.has(keyOf(emoji, context.userOf(user))));
    for (const user of users) told.add(keyOf(emoji, context.userOf(user)));
    const gone = reaction.users.length - users.length;
    if (gone > 0 && users.length === 0) return [];
    return [
      { ...reaction, users, ...(reaction.count === undefined ? {} : { count: reaction.count - gone }) },
    ];
  });
  for (const { emoji, userId } of reactions) {
    if (told.has(keyOf(emoji, userId))) continue;
    const user = context.sourceOf(userId);
    const same = kept.find(({ name }) => emojiOf(name) === emoji);
    if (same)
      Object.assign(same, { users: [...same.users, user], count: (same.count ?? same.users.length) + 1 });
    else kept.push({ name: shortcodeOf(emoji) ?? emoji.replaceAll(':', ''), users: [user], count: 1 });
  }
  return kept;
};

const pinsOf = (row: ExportRow, ts: string, { channel, pins }: ExportContext): string[] => {
  const before = Array.isArray(row.raw?.['pinned_to']) ? (row.raw['pinned_to'] as string[]) : [];
  const was = before.includes(channel) || (row.raw !== null && pins.has(ts));
  if (was === (row.pinnedAt !== null)) return before;
  return was ? before.filter((place) => place !== channel) : [...before, channel];
};

import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement } from '#db';
import { readableBy } from '../access/channel-row.js';
import { MESSAGE_COLUMNS } from './message-columns.js';
import type { MessageRow } from './message.js';
import { eventHead, isRich, isWide, mentionTargets, type NewMessage } from './new-message.js';
import { MESSAGES_BY_ID, SEND, SEND_RICH, type SendRow } from './send.statement.js';

/** Whether `$1` is a channel that user `$2` may read; the page is null-extended so that one row always says so. */
const page = (name: string, range: string, order: 'ASC' | 'DESC'): Statement => ({
  name,
  text: `
    SELECT m.* FROM (
      SELECT c.id FROM chat.channels c
      JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = $2
      LEFT JOIN chat.channel_members cm ON cm.channel_id = c.id AND cm.user_id = $2
      WHERE c.id = $1 AND ${readableBy('cm')}
    ) allowed
    LEFT JOIN LATERAL (
      SELECT ${MESSAGE_COLUMNS} FROM chat.messages m
      WHERE m.channel_id = allowed.id AND m.in_channel AND m.seq ${range} $3 ORDER BY m.seq ${order} LIMIT $4
    ) m ON true`,
});
const PAGE_BEFORE = page('messages_before', '<', 'DESC');
const PAGE_AFTER = page('messages_after', '>', 'ASC');
const replies = (name: string, range: string, order: 'ASC' | 'DESC'): Statement => ({
  name,
  text: `
    SELECT ${MESSAGE_COLUMNS} FROM chat.messages m
    WHERE m.thread_id = $1 AND m.seq ${range} $2 ORDER BY m.seq ${order} LIMIT $3`,
});
const REPLIES_BEFORE = replies('messages_replies_before', '<', 'DESC');
const REPLIES_AFTER = replies('messages_replies_after', '>', 'ASC');
const extrasJson = ({ mentions, forwarded, poll }: NewMessage): string =>
  JSON.stringify({ ...(mentions.length > 0 ? { mentions } : {}), forwarded, poll });

const MAX_SEQ = Number.MAX_SAFE_INTEGER;

const WORKSPACE_OF: Statement = {
  name: 'messages_workspace_of',
  text: `SELECT workspace_id AS "workspaceId" FROM chat.channels WHERE id = $1`,
};
/** All SQL on messages. */
@Injectable()
export class MessagesRepository {
  constructor(private readonly database: Database) {}

  /** One verdict per message, in order. Rejects as a whole (unique violation, lost connection) or not at all. */
  send(messages: readonly NewMessage[], subjects: readonly string[]): Promise<SendRow[]> {
    const column = <T>(of: (message: NewMessage) => T): T[] => messages.map(of);
    const plain = [
      column((m) => m.channelId),
      column((m) => m.senderId),
      column((m) => m.id),
      column((m) => m.clientMessageId),
      column((m) => m.text),
      column((m) => m.createdAt),
      column((m) => m.workspaceId),
      column((m) => m.eventId),
      subjects,
      column(eventHead),
      column((m) => m.clearance ?? null),
    ];
    if (!messages.some(isRich)) return this.database.run<SendRow>(SEND, plain);
    const calls = messages.flatMap((m, index) =>
      mentionTargets(m.mentions, m).map((target) => [index + 1, target] as const),
    );
    return this.database.run<SendRow>(SEND_RICH, [
      ...plain,
      column((m) => m.threadId ?? null),
      column((m) => m.inChannel),
      column(isWide),
      column(extrasJson),
      calls.map(([number]) => number),
      calls.map(([, target]) => target),
    ]);
  }

  byIds(ids: readonly string[]): Promise<MessageRow[]> {
    return this.database.run<MessageRow>(MESSAGES_BY_ID, [ids]);
  }

  async find(id: MessageId): Promise<MessageRow | null> {
    return (await this.byIds([id]))[0] ?? null;
  }

  async findWorkspaceOf(channelId: ChannelId): Promise<WorkspaceId | null> {
    const [row] = await this.database.run<{ workspaceId: WorkspaceId }>(WORKSPACE_OF, [channelId]);
    return row?.workspaceId ?? null;
  }

  /** Ascending by seq; null when the user may not read the channel. */
  async page(
    channelId: ChannelId,
    userId: UserId,
    range: { before?: number | undefined; after?: number | undefined },
    limit: number,
  ): Promise<MessageRow[] | null> {
    const rows =
      range.after === undefined
        ? (
            await this.database.run<MessageRow | { id: null }>(PAGE_BEFORE, [
              channelId,
              userId,
              range.before ?? MAX_SEQ,
              limit,
            ])
          ).reverse()
        : await this.database.run<MessageRow | { id: null }>(PAGE_AFTER, [
            channelId,
            userId,
            range.after,
            limit,
          ]);
    if (rows.length === 0) return null;
    return rows.filter((row): row is MessageRow => row.id !== null);
  }

  /** Ascending by seq. */
  async replies(
    threadId: MessageId,
    range: { before?: number | undefined; after?: number | undefined },
    limit: number,
  ): Promise<MessageRow[]> {
    if (range.after !== undefined)
      return this.database.run<MessageRow>(REPLIES_AFTER, [threadId, range.after, limit]);
    const values = [threadId, range.before ?? MAX_SEQ, limit];
    return (await this.database.run<MessageRow>(REPLIES_BEFORE, values)).reverse();
  }
}

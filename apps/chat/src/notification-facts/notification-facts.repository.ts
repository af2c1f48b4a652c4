import { Injectable } from '@nestjs/common';
import type { ChannelId, Mention, MessageId, PersonFacts, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement } from '#db';
import { readableBy } from '../access/channel-row.js';
import type { Call } from './call.js';

export type ToldMessage = {
  id: MessageId;
  channelId: ChannelId;
  workspaceId: WorkspaceId;
  threadId: MessageId | null;
  inChannel: boolean;
  senderId: UserId;
  direct: boolean;
  mentions: Mention[];
  /** Earlier wordings. */
  wordings: string[];
};

/** A message, whom it calls, and who else is asked for. */
export type Question = ToldMessage &
  Call & { edited: boolean; candidates: readonly UserId[]; after: string | null };

/** `ord` is the place of the question; what is not `eligible` is no person that can be told anything. */
export type FactsRow = Omit<PersonFacts, 'dndUntil'> & {
  ord: number;
  eligible: boolean;
  dndUntil: Date | null;
};

const NOBODY = '00000000-0000-0000-0000-000000000000';

const MESSAGES: Statement = {
  name: 'notification_messages',
  text: `
    SELECT m.id, m.channel_id AS "channelId", m.workspace_id AS "workspaceId", m.thread_id AS "threadId",
      m.in_channel AS "inChannel", m.sender_id AS "senderId", c.kind = 'direct' AS direct,
      coalesce(m.mentions, '[]') AS mentions,
      ARRAY(SELECT e.text FROM chat.message_edits e WHERE e.message_id = m.id) AS wordings
    FROM chat.messages m JOIN chat.channels c ON c.id = m.channel_id
    WHERE m.id = ANY ($1::uuid[]) AND m.deleted_at IS NULL`,
};

/** One more than a page, for the sender may be among them. */
const after = (column: string) => `${column} > i.after ORDER BY ${column} LIMIT $6 + 1`;

/** One row of a person's, by its whole key, whatever the statistics say of how many there are. */
const of = (table: string, alias: string, where: string) =>
  `SELECT ${alias}.* FROM chat.${table} ${alias} WHERE ${where} AND ${alias}.user_id = p.user_id OFFSET 0`;

/**
 * The people who have a reason to look at a message, in the order of their ids: whom it calls, all of a direct
 * conversation, who wants to know of everything in the channel, who follows the thread, and those who were asked
 * for. Each of these begins after where the page before ended and is read no further than a page, by an index
 * that has it in this order, so that a page of a channel of 50,000 costs a page.
 */
const PEOPLE: Statement = {
  name: 'notification_people',
  text: `
    WITH input AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS i(ord int, channel_id uuid, workspace_id uuid, thread_id uuid,
        in_channel boolean, sender_id uuid, everyone boolean, edited boolean, wide boolean, here boolean, after uuid)
    ), targets AS MATERIALIZED (
      SELECT * FROM unnest($2::int[], $3::uuid[], $4::text[]) AS t(ord, id, kind)
    )
    SELECT i.ord, p.user_id AS "userId", u.kind = 'user' AND u.deleted_at IS NULL AND w.user_id IS NOT NULL AS eligible,
      ${readableBy()} AS "canRead",
      EXISTS (SELECT FROM targets t WHERE t.ord = i.ord AND t.kind = 'user' AND t.id = p.user_id) AS named,
      EXISTS (
        SELECT FROM targets t JOIN chat.group_members g ON g.group_id = t.id JOIN chat.groups z ON z.id = g.group_id
        WHERE t.ord = i.ord AND t.kind = 'group' AND g.user_id = p.user_id AND NOT z.disabled
      ) AS grouped,
      coalesce(s.muted, false) AS muted, coalesce(s.level, 'default') AS level,
      coalesce(m.last_read_seq, 0)::float8 AS "lastReadSeq",
      coalesce(f.following, false) AS following, coalesce(f.level, 'default') AS "threadLevel",
      coalesce(f.last_read_seq, 0)::float8 AS "threadLastReadSeq",
      i.here AND coalesce((
        SELECT true FROM chat.sessions x
        WHERE x.user_id = p.user_id AND x.revoked_at IS NULL AND x.last_seen_at > $7::timestamptz - interval '15 minutes' LIMIT 1
      ), false) AS "recentlyActive",
      u.dnd_until AS "dndUntil", u.quiet_hours AS "quietHours", u.time_zone AS "timeZone", u.locale,
      u.email_verified_at IS NOT NULL AS "emailVerified"
    FROM input i
    JOIN chat.channels c ON c.id = i.channel_id
    CROSS JOIN LATERAL (
      SELECT x.user_id FROM (
        (SELECT m.user_id FROM chat.channel_members m WHERE i.everyone AND m.channel_id = i.channel_id AND m.${after('user_id')})
        UNION
        (SELECT m.user_id FROM chat.channel_members m
         WHERE NOT i.edited AND i.in_channel AND m.channel_id = i.channel_id AND m.user_id = ANY ($5::uuid[]) AND m.${after('user_id')})
        UNION
        (SELECT t.id FROM targets t WHERE t.ord = i.ord AND t.kind = 'user' AND t.id > i.after)
        UNION
        (SELECT t.id FROM targets t JOIN chat.channel_members m ON m.channel_id = i.channel_id AND m.user_id = t.id
         WHERE t.ord = i.ord AND t.kind = 'candidate' AND t.id > i.after)
        UNION
        (SELECT g.user_id FROM targets t JOIN chat.groups z ON z.id = t.id JOIN chat.group_members g ON g.group_id = z.id
         WHERE t.ord = i.ord AND t.kind = 'group' AND z.workspace_id = i.workspace_id AND NOT z.disabled AND g.${after('user_id')})
        UNION
        (SELECT s.user_id FROM chat.channel_preferences s
         WHERE NOT i.edited AND i.in_channel AND s.channel_id = i.channel_id AND s.level = 'all' AND s.${after('user_id')})
        UNION
        (SELECT f.user_id FROM chat.thread_members f
         WHERE (NOT i.edited OR i.wide) AND f.thread_id = i.thread_id AND f.following AND f.${after('user_id')})
      ) x WHERE x.user_id <> i.sender_id ORDER BY x.user_id LIMIT $6
    ) p
    CROSS JOIN LATERAL (SELECT u.* FROM chat.users u WHERE u.id = p.user_id OFFSET 0) u
    LEFT JOIN LATERAL (${of('workspace_members', 'w', 'w.workspace_id = i.workspace_id')}) w ON true
    LEFT JOIN LATERAL (${of('channel_members', 'm', 'm.channel_id = i.channel_id')}) m ON true
    LEFT JOIN LATERAL (${of('channel_preferences', 's', 's.channel_id = i.channel_id')}) s ON true
    LEFT JOIN LATERAL (${of('thread_members', 'f', 'f.thread_id = i.thread_id')}) f ON true
    ORDER BY i.ord, p.user_id LIMIT $6`,
};

/** All SQL on who is to be told of a message. */
@Injectable()
export class NotificationFactsRepository {
  constructor(private readonly database: Database) {}

  /** Those that stand. */
  async messages(ids: readonly MessageId[]): Promise<Map<MessageId, ToldMessage>> {
    const rows = await this.database.run<ToldMessage>(MESSAGES, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The first `limit` rows of all questions together, in the order of the questions. */
  people(
    questions: readonly Question[],
    listeners: readonly UserId[],
    { limit, now }: { limit: number; now: Date },
  ): Promise<FactsRow[]> {
    const input = questions.map((question, ord) => ({
      ord,
      channel_id: question.channelId,
      workspace_id: question.workspaceId,
      thread_id: question.threadId,
      in_channel: question.inChannel,
      sender_id: question.senderId,
      everyone: question.inChannel && (question.wide !== null || (question.direct && !question.edited)),
      edited: question.edited,
      wide: question.wide !== null,
      here: question.wide === 'here',
      after: question.after ?? NOBODY,
    }));
    const targets = questions.flatMap(({ userIds, groupIds, candidates }, ord) => [
      ...userIds.map((id) => ({ ord, id: id, kind: 'user' })),
      ...groupIds.map((id) => ({ ord, id: id, kind: 'group' })),
      ...candidates.map((id) => ({ ord, id: id, kind: 'candidate' })),
    ]);
    return this.database.run<FactsRow>(PEOPLE, [
      JSON.stringify(input),
      targets.map(({ ord }) => ord),
      targets.map(({ id }) => id),
      targets.map(({ kind }) => kind),
      listeners,
      limit,
      now,
    ]);
  }
}

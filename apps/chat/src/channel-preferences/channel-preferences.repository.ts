import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelPreferences, UpdateChannelPreferences, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { PREFERENCES } from '../channels/my-channel.js';

const FIND: Statement = {
  name: 'channel_preferences_find',
  text: `SELECT ${PREFERENCES} AS preferences FROM chat.channel_members m WHERE m.channel_id = $2 AND m.user_id = $1`,
};
/** Null leaves a column as it is. The membership is held, so that nobody leaves in between. */
const CHANGE = `
  WITH member AS (
    SELECT c.last_seq FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
    WHERE m.channel_id = $2 AND m.user_id = $1 FOR KEY SHARE OF m
  )
  INSERT INTO chat.channel_preferences AS p (user_id, channel_id, muted, favourite, level, hidden_since, version)
  SELECT $1::uuid, $2::uuid, coalesce($3, false), coalesce($4, false), coalesce($5, 'default'),
    CASE WHEN $6::boolean THEN last_seq END, 1
  FROM member
  ON CONFLICT (channel_id, user_id) DO UPDATE SET
    muted = coalesce($3, p.muted), favourite = coalesce($4, p.favourite), level = coalesce($5, p.level),
    hidden_since = CASE WHEN $6::boolean IS NULL THEN p.hidden_since ELSE excluded.hidden_since END,
    version = p.version + 1
  RETURNING p.muted, p.favourite, p.level, p.hidden_since::float8 AS "hiddenSince", p.version`;

/** All SQL on what people want of their channels. */
@Injectable()
export class ChannelPreferencesRepository {
  constructor(private readonly database: Database) {}

  /** Null for none. */
  async find(userId: UserId, channelId: ChannelId): Promise<ChannelPreferences | null> {
    const rows = await this.database.run<{ preferences: ChannelPreferences | null }>(FIND, [
      userId,
      channelId,
    ]);
    return rows[0]?.preferences ?? null;
  }

  /** Null when the person is not in the channel. */
  async change(
    tx: Tx,
    userId: UserId,
    channelId: ChannelId,
    { muted, favourite, level, hidden }: UpdateChannelPreferences,
  ): Promise<ChannelPreferences | null> {
    const values = [muted, favourite, level, hidden].map((value) => value ?? null);
    return (await tx.query<ChannelPreferences>(CHANGE, [userId, channelId, ...values]))[0] ?? null;
  }
}

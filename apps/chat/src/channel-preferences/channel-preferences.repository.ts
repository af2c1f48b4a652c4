import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelPreferences, UpdateChannelPreferences, UserId } from '#contracts';
import type { Tx } from '#db';

/**
 * Null leaves a column as it is. The membership is held, so that nobody leaves in between. Reading is part of
 * every access check (`ACCESS_COLUMNS`).
 */
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

/** All SQL that changes what people want of their channels. */
@Injectable()
export class ChannelPreferencesRepository {
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

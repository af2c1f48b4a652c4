import { Injectable } from '@nestjs/common';
import type { ChannelId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';
import { CHANNEL_COLUMNS, type ChannelRow } from '../access/channel-row.js';

const LOCK = `SELECT ${CHANNEL_COLUMNS} FROM chat.channels c WHERE c.id = $1 FOR NO KEY UPDATE`;
/** In id order, so that two who each take one away don't wait for each other. */
const LOCK_DEFAULTS = `SELECT id FROM chat.channels WHERE workspace_id = $1 AND is_default ORDER BY id FOR NO KEY UPDATE`;
const SAVE = `
  UPDATE chat.channels c SET name = $2, topic = $3, description = $4, kind = $5, is_default = $6, posting = $7,
    slow_mode_seconds = $8, archived_at = $9, version = c.version + 1
  WHERE c.id = $1 RETURNING ${CHANNEL_COLUMNS}`;
const SET_DIRECT_KEY = `
  UPDATE chat.channels c SET direct_key = $2, version = c.version + 1 WHERE c.id = $1 RETURNING ${CHANNEL_COLUMNS}`;
const DELETE = `DELETE FROM chat.channels WHERE id = $1`;
const HAS_GUESTS = `
  SELECT EXISTS (
    SELECT 1 FROM chat.workspace_members w
    JOIN chat.channel_members m ON m.user_id = w.user_id AND m.channel_id = $2
    WHERE w.workspace_id = $1 AND w.role IN ('guest', 'single_channel_guest')
  ) AS "hasGuests"`;
/** The channel's first messages with the replies to them; those of a channel that exists are never touched. */
const PURGE = `
  WITH roots AS (
    SELECT m.id FROM chat.messages m
    WHERE m.channel_id = $1 AND m.in_channel AND NOT EXISTS (SELECT 1 FROM chat.channels WHERE id = $1)
    ORDER BY m.seq LIMIT $2
  ), doomed AS MATERIALIZED (
    SELECT id FROM roots UNION SELECT m.id FROM chat.messages m JOIN roots r ON m.thread_id = r.id
  ), documents AS (
    DELETE FROM chat.search_documents d USING doomed WHERE d.message_id = doomed.id
  )
  DELETE FROM chat.messages m USING doomed WHERE m.id = doomed.id RETURNING m.id`;

/** All SQL on the settings of channels. Whoever changes a channel or its members holds its row. */
@Injectable()
export class ChannelSettingsRepository {
  /** The channel as it is now, held until the transaction ends; null when it was deleted. */
  async lock(tx: Tx, channelId: ChannelId): Promise<ChannelRow | null> {
    return (await tx.query<ChannelRow>(LOCK, [channelId]))[0] ?? null;
  }

  async lockDefaults(tx: Tx, workspaceId: WorkspaceId): Promise<ChannelId[]> {
    return (await tx.query<{ id: ChannelId }>(LOCK_DEFAULTS, [workspaceId])).map(({ id }) => id);
  }

  /** Rejects with a unique violation when the name is taken. */
  async save(tx: Tx, row: ChannelRow): Promise<ChannelRow> {
    const { id, name, topic, description, kind, isDefault, posting, slowModeSeconds, archivedAt } = row;
    const values = [id, name, topic, description, kind, isDefault, posting, slowModeSeconds, archivedAt];
    return (await tx.query<ChannelRow>(SAVE, values))[0] as ChannelRow;
  }

  /** Rejects with a unique violation when there is another conversation of these people. */
  async setDirectKey(tx: Tx, channelId: ChannelId, key: string): Promise<ChannelRow> {
    return (await tx.query<ChannelRow>(SET_DIRECT_KEY, [channelId, key]))[0] as ChannelRow;
  }

  async delete(tx: Tx, channelId: ChannelId): Promise<void> {
    await tx.query(DELETE, [channelId]);
  }

  async hasGuests(tx: Tx, { workspaceId, id }: ChannelRow): Promise<boolean> {
    const [row] = await tx.query<{ hasGuests: boolean }>(HAS_GUESTS, [workspaceId, id]);
    return row?.hasGuests ?? false;
  }

  /** How many messages of a deleted channel it removed; 0 when nothing is left. */
  async purge(tx: Tx, channelId: ChannelId, limit: number): Promise<number> {
    return (await tx.query(PURGE, [channelId, limit])).length;
  }
}

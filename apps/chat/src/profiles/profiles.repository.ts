import { Injectable } from '@nestjs/common';
import type { ChannelId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { ME_COLUMNS, USER_COLUMNS, type MeRow, type UserRow } from '../accounts/user-row.js';

/** Who hears of a change: the full members of a workspace, and the guests of these channels. */
export type Circle = { workspaceId: WorkspaceId; guestChannelIds: ChannelId[] };

/** What `change` may set; a name that is not here is not a column. */
const COLUMNS = {
  name: 'name',
  title: 'title',
  pronouns: 'pronouns',
  timeZone: 'time_zone',
  locale: 'locale',
  avatarImageId: 'avatar_image_id',
  status: 'status',
} as const satisfies Partial<Record<keyof MeRow, string>>;
export type ProfileChange = Partial<Pick<MeRow, keyof typeof COLUMNS>>;

/**
 * Guests see those they share a channel with, and who wrote there; everyone else those they share a workspace
 * with. Those who left are among them: their messages are still there.
 */
const VISIBLE: Statement = {
  name: 'profiles_visible',
  text: `
    SELECT ${USER_COLUMNS} FROM chat.users u
    WHERE u.id = $2 AND (u.id = $1 OR EXISTS (
      SELECT 1 FROM chat.workspace_members mine
      JOIN chat.workspace_members theirs ON theirs.workspace_id = mine.workspace_id AND theirs.user_id = $2
      WHERE mine.user_id = $1 AND (mine.role NOT IN ('guest', 'single_channel_guest') OR EXISTS (
        SELECT 1 FROM chat.channel_members a
        JOIN chat.channel_members b ON b.channel_id = a.channel_id AND b.user_id = $2
        WHERE a.user_id = $1 AND a.workspace_id = mine.workspace_id
      ))
    ) OR EXISTS (
      SELECT 1 FROM chat.workspace_members mine
      JOIN chat.former_members theirs ON theirs.workspace_id = mine.workspace_id AND theirs.user_id = $2
      WHERE mine.user_id = $1 AND mine.role NOT IN ('guest', 'single_channel_guest')
    ) OR EXISTS (
      SELECT 1 FROM chat.messages written
      JOIN chat.channel_members a ON a.channel_id = written.channel_id AND a.user_id = $1
      JOIN chat.workspace_members mine ON mine.workspace_id = a.workspace_id AND mine.user_id = $1
      WHERE written.sender_id = $2 AND mine.role IN ('guest', 'single_channel_guest')
    ))`,
};
const CIRCLES = `
  SELECT w.workspace_id AS "workspaceId", ARRAY(
    SELECT DISTINCT mine.channel_id
    FROM chat.workspace_members guest
    JOIN chat.channel_members theirs ON theirs.user_id = guest.user_id AND theirs.workspace_id = guest.workspace_id
    JOIN chat.channel_members mine ON mine.channel_id = theirs.channel_id AND mine.user_id = w.user_id
    WHERE guest.workspace_id = w.workspace_id AND guest.role IN ('guest', 'single_channel_guest')
      AND guest.user_id <> w.user_id
    ORDER BY 1
  ) AS "guestChannelIds"
  FROM chat.workspace_members w WHERE w.user_id = $1 ORDER BY w.workspace_id`;
const EXPIRE_STATUS = `
  UPDATE chat.users u SET status = NULL, version = version + 1
  WHERE id = $1 AND (status ->> 'expiresAt')::timestamptz <= $2 RETURNING ${ME_COLUMNS}`;

/** All SQL on what people say of themselves. */
@Injectable()
export class ProfilesRepository {
  constructor(private readonly database: Database) {}

  async findVisible(callerId: UserId, userId: UserId): Promise<UserRow | null> {
    return (await this.database.run<UserRow>(VISIBLE, [callerId, userId]))[0] ?? null;
  }

  /** Null when the account is gone. */
  async change(tx: Tx, userId: UserId, change: ProfileChange): Promise<MeRow | null> {
    const entries = (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).filter(
      (key) => change[key] !== undefined,
    );
    const sets = entries.map((key, n) => `${COLUMNS[key]} = $${n + 2}`);
    const [row] = await tx.query<MeRow>(
      `UPDATE chat.users u SET ${[...sets, 'version = version + 1'].join(', ')}
       WHERE id = $1 AND deleted_at IS NULL RETURNING ${ME_COLUMNS}`,
      [userId, ...entries.map((key) => change[key])],
    );
    return row ?? null;
  }

  /** Null when the status was changed or cleared since. */
  async expireStatus(tx: Tx, userId: UserId, now: Date): Promise<MeRow | null> {
    return (await tx.query<MeRow>(EXPIRE_STATUS, [userId, now]))[0] ?? null;
  }

  circles(tx: Tx, userId: UserId): Promise<Circle[]> {
    return tx.query<Circle>(CIRCLES, [userId]);
  }
}

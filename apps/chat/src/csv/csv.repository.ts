import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelKind, UserId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';

/** Nobody may get in by having opened an account with someone else's address: see `held`. */
const ACCOUNT = `
  SELECT u.id, (u.email_verified_at IS NOT NULL OR u.password_hash IS NULL) AS held,
    EXISTS (SELECT 1 FROM chat.workspace_members w WHERE w.workspace_id = $1 AND w.user_id = u.id) AS "isMember"
  FROM chat.users u WHERE u.email = $2`;
const ADD_ACCOUNT = `
  INSERT INTO chat.users (id, kind, name, email, title, created_at) VALUES ($1, 'user', $2, $3, $4, $5)
  ON CONFLICT (email) DO NOTHING RETURNING id`;
/** Those that whoever imports can see. */
const CHANNELS = `
  SELECT c.id, c.name, c.kind FROM chat.channels c
  WHERE c.workspace_id = $1 AND c.name = ANY($2::text[]) AND c.archived_at IS NULL AND (c.kind = 'public' OR EXISTS (
    SELECT 1 FROM chat.channel_members m WHERE m.channel_id = c.id AND m.user_id = $3))`;
const MEMBERS = `
  SELECT u.id, u.email, EXISTS (SELECT 1 FROM chat.channel_members m WHERE m.channel_id = $3 AND m.user_id = u.id) AS "isIn"
  FROM chat.users u JOIN chat.workspace_members w ON w.workspace_id = $1 AND w.user_id = u.id
  WHERE u.email = ANY($2::text[])`;
const CHANNELS_OF = `SELECT channel_id AS id FROM chat.channel_members WHERE workspace_id = $1 AND user_id = $2 AND channel_id = ANY($3::uuid[])`;

export type Account = { id: UserId; held: boolean; isMember: boolean };
export type NamedChannel = { id: ChannelId; name: string; kind: ChannelKind };

/** All SQL of imports from CSV files. */
@Injectable()
export class CsvRepository {
  async account(tx: Tx, workspaceId: WorkspaceId, email: string): Promise<Account | null> {
    return (await tx.query<Account>(ACCOUNT, [workspaceId, email]))[0] ?? null;
  }

  /** False when the address was taken meanwhile. */
  async addAccount(
    tx: Tx,
    { id, name, email, title, at }: { id: UserId; name: string; email: string; title: string; at: Date },
  ): Promise<boolean> {
    return (await tx.query(ADD_ACCOUNT, [id, name, email, title, at])).length > 0;
  }

  channels(
    tx: Tx,
    workspaceId: WorkspaceId,
    names: readonly string[],
    seenBy: UserId,
  ): Promise<NamedChannel[]> {
    return tx.query<NamedChannel>(CHANNELS, [workspaceId, names, seenBy]);
  }

  /** Of the addresses, those of members of the workspace. */
  members(
    tx: Tx,
    workspaceId: WorkspaceId,
    emails: readonly string[],
    channelId: ChannelId | null,
  ): Promise<{ id: UserId; email: string; isIn: boolean }[]> {
    return tx.query(MEMBERS, [workspaceId, emails, channelId]);
  }

  async channelsOf(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    of: readonly ChannelId[],
  ): Promise<ChannelId[]> {
    return (await tx.query<{ id: ChannelId }>(CHANNELS_OF, [workspaceId, userId, of])).map(({ id }) => id);
  }
}

import { Injectable } from '@nestjs/common';
import type { ChannelId, InviteId, UserId, WorkspaceId } from '#contracts';
import { Database, type Tx } from '#db';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import { Invite } from './invite.entity.js';

const PREVIEW = `
  SELECT w.name AS "workspaceName", u.name AS "invitedBy"
  FROM chat.invites i JOIN chat.workspaces w ON w.id = i.workspace_id JOIN chat.users u ON u.id = i.created_by
  WHERE i.id = $1`;
/** Of `$3` those that are open channels of the workspace which the inviter `$2` is in. */
const CHANNELS = `
  SELECT c.id FROM chat.channels c JOIN chat.channel_members m ON m.channel_id = c.id AND m.user_id = $2
  WHERE c.workspace_id = $1 AND c.id = ANY($3::uuid[]) AND c.kind IN ('public', 'private') AND c.archived_at IS NULL`;
const MEMBER_EMAILS = `
  SELECT u.email FROM chat.users u
  JOIN chat.workspace_members w ON w.user_id = u.id AND w.workspace_id = $1
  WHERE u.email = ANY($2::text[])`;
const REPLACE = `
  UPDATE chat.invites SET revoked_at = $3
  WHERE workspace_id = $1 AND email = ANY($2::text[]) AND revoked_at IS NULL AND uses = 0
  RETURNING id`;
const USER = `SELECT ${USER_COLUMNS} FROM chat.users u WHERE u.id = $1`;

/** All SQL on invites. */
@Injectable()
export class InvitesRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, invite: Invite): Promise<void> {
    await tx.manager.insert(Invite, invite);
  }

  list(workspaceId: WorkspaceId): Promise<Invite[]> {
    return this.database
      .repository(Invite)
      .find({ where: { workspaceId }, order: { createdAt: 'DESC' }, take: 200 });
  }

  findByToken(tx: Tx, tokenHash: Buffer): Promise<Invite | null> {
    return tx.manager.findOneBy(Invite, { tokenHash });
  }

  lock(tx: Tx, id: InviteId): Promise<Invite | null> {
    return tx.manager.findOne(Invite, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async setToken(tx: Tx, id: InviteId, tokenHash: Buffer): Promise<void> {
    await tx.manager.update(Invite, { id }, { tokenHash });
  }

  /** Locked, so that the last use is used once. */
  lockByToken(tx: Tx, tokenHash: Buffer): Promise<Invite | null> {
    return tx.manager.findOne(Invite, { where: { tokenHash }, lock: { mode: 'pessimistic_write' } });
  }

  async countUse(tx: Tx, id: InviteId): Promise<void> {
    await tx.manager.increment(Invite, { id }, 'uses', 1);
  }

  async revoke(tx: Tx, id: InviteId, revokedAt: Date): Promise<void> {
    await tx.manager.update(Invite, { id }, { revokedAt });
  }

  async channelsOf(
    tx: Tx,
    workspaceId: WorkspaceId,
    inviterId: UserId,
    channelIds: readonly ChannelId[],
  ): Promise<ChannelId[]> {
    const rows = await tx.query<{ id: ChannelId }>(CHANNELS, [workspaceId, inviterId, channelIds]);
    return rows.map(({ id }) => id);
  }

  /** Those of the addresses that belong to members. */
  async memberEmails(tx: Tx, workspaceId: WorkspaceId, emails: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ email: string }>(MEMBER_EMAILS, [workspaceId, emails]);
    return new Set(rows.map(({ email }) => email));
  }

  /** Revokes the unused invites of these addresses; returns which they were. */
  async replace(
    tx: Tx,
    workspaceId: WorkspaceId,
    emails: readonly string[],
    revokedAt: Date,
  ): Promise<InviteId[]> {
    const rows = await tx.query<{ id: InviteId }>(REPLACE, [workspaceId, emails, revokedAt]);
    return rows.map(({ id }) => id);
  }

  async preview(tx: Tx, id: InviteId): Promise<{ workspaceName: string; invitedBy: string }> {
    const [row] = await tx.query<{ workspaceName: string; invitedBy: string }>(PREVIEW, [id]);
    return row as { workspaceName: string; invitedBy: string };
  }

  async user(tx: Tx, id: UserId): Promise<UserRow | null> {
    const [row] = await tx.query<UserRow>(USER, [id]);
    return row ?? null;
  }
}

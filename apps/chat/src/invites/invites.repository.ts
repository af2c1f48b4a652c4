import { Injectable } from '@nestjs/common';
import type { InviteId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import { Invite } from './invite.entity.js';

const PREVIEW: Statement = {
  name: 'invites_preview',
  text: `
    SELECT w.name AS "workspaceName", u.name AS "invitedBy"
    FROM chat.invites i JOIN chat.workspaces w ON w.id = i.workspace_id JOIN chat.users u ON u.id = i.created_by
    WHERE i.id = $1`,
};
const MADE_BY_MEMBER: Statement = {
  name: 'invites_made_by_member',
  text: `SELECT 1 FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2`,
};
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

  findByToken(tokenHash: Buffer): Promise<Invite | null> {
    return this.database.repository(Invite).findOneBy({ tokenHash });
  }

  find(id: InviteId, workspaceId: WorkspaceId): Promise<Invite | null> {
    return this.database.repository(Invite).findOneBy({ id, workspaceId });
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

  /** Whoever was removed can't let anyone in, themselves included. */
  async isMadeByMember({ workspaceId, createdBy }: Invite): Promise<boolean> {
    return (await this.database.run(MADE_BY_MEMBER, [workspaceId, createdBy])).length > 0;
  }

  async preview(id: InviteId): Promise<{ workspaceName: string; invitedBy: string }> {
    const [row] = await this.database.run<{ workspaceName: string; invitedBy: string }>(PREVIEW, [id]);
    return row as { workspaceName: string; invitedBy: string };
  }

  async user(tx: Tx, id: UserId): Promise<UserRow | null> {
    const [row] = await tx.query<UserRow>(USER, [id]);
    return row ?? null;
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type {
  CreateInvite,
  Invite as InviteView,
  InviteId,
  InvitePreview,
  MyWorkspace,
  WorkspaceId,
} from '#contracts';
import { uuidv7 } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { WorkspaceEntryService } from '../workspaces/workspace-entry.service.js';
import { WorkspacesService } from '../workspaces/workspaces.service.js';
import { presentUser } from '../accounts/account.js';
import type { Invite } from './invite.entity.js';
import { isOpen, presentInvite } from './invite.js';
import { InvitesRepository } from './invites.repository.js';

const HOUR_MS = 3_600_000;
const sha256 = (token: string) => createHash('sha256').update(token).digest();

/** Invite links: whoever has one may join the workspace while it is open. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly database: Database,
    private readonly invites: InvitesRepository,
    private readonly access: AccessService,
    private readonly workspaces: WorkspacesService,
    private readonly entry: WorkspaceEntryService,
  ) {}

  async create(
    caller: Principal,
    workspaceId: WorkspaceId,
    input: CreateInvite,
  ): Promise<InviteView & { token: string }> {
    await this.access.permit(caller, workspaceId, 'invite.create');
    const token = randomBytes(24).toString('base64url');
    const createdAt = new Date();
    const invite: Invite = {
      id: uuidv7() as InviteId,
      workspaceId,
      tokenHash: sha256(token),
      createdBy: caller.userId,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + input.expiresInHours * HOUR_MS),
      maxUses: input.maxUses,
      uses: 0,
      revokedAt: null,
    };
    await this.database.transaction((tx) => this.invites.insert(tx, invite));
    return { ...presentInvite(invite), token };
  }

  async list(caller: Principal, workspaceId: WorkspaceId): Promise<InviteView[]> {
    await this.access.permit(caller, workspaceId, 'invite.manage');
    const now = new Date();
    return (await this.invites.list(workspaceId)).filter((invite) => isOpen(invite, now)).map(presentInvite);
  }

  /** Whoever made an invite may revoke it, and so may admins. */
  async revoke(caller: Principal, workspaceId: WorkspaceId, inviteId: InviteId): Promise<void> {
    const standing = await this.access.workspace(caller, workspaceId);
    const invite = await this.invites.find(inviteId, workspaceId);
    if (!invite) throw new DomainError('invite.not_found');
    if (invite.createdBy !== caller.userId && !allows(standing, 'invite.manage'))
      throw new DomainError('permission.denied');
    await this.database.transaction((tx) => this.invites.revoke(tx, inviteId, new Date()));
  }

  async preview(token: string): Promise<InvitePreview> {
    const invite = await this.invites.findByToken(sha256(token));
    if (!invite) throw new DomainError('invite.not_found');
    if (!isOpen(invite, new Date()) || !(await this.invites.isMadeByMember(invite)))
      throw new DomainError('invite.expired');
    return { ...(await this.invites.preview(invite.id)), expiresAt: invite.expiresAt.toISOString() };
  }

  /** Joining again with an open invite changes nothing and uses nothing up. */
  async accept(caller: Principal, token: string): Promise<MyWorkspace> {
    const workspaceId = await this.database.transaction(async (tx) => {
      const invite = await this.invites.lockByToken(tx, sha256(token));
      if (!invite) throw new DomainError('invite.not_found');
      const now = new Date();
      if (!isOpen(invite, now) || !(await this.invites.isMadeByMember(invite)))
        throw new DomainError('invite.expired');
      const user = await this.invites.user(tx, caller.userId);
      if (user?.kind !== 'user') throw new DomainError('permission.denied');
      if (await this.entry.enter(tx, invite.workspaceId, presentUser(user, now), now))
        await this.invites.countUse(tx, invite.id);
      return invite.workspaceId;
    });
    return this.workspaces.get(caller, workspaceId);
  }
}

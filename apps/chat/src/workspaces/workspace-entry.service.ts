import { Injectable } from '@nestjs/common';
import type { User, UserId, WorkspaceId } from '#contracts';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { ChannelMembersService } from '../channels/channel-members.service.js';
import { newEvent } from '../events/new-event.js';
import { WorkspacesRepository } from './workspaces.repository.js';

/** Entering and leaving a workspace. */
@Injectable()
export class WorkspaceEntryService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly workspaces: WorkspacesRepository,
    private readonly channelMembers: ChannelMembersService,
    private readonly outbox: Outbox,
  ) {}

  /** Makes `user` a member, in the default channels too. False when already in. */
  async enter(tx: Tx, workspaceId: WorkspaceId, user: User, now: Date): Promise<boolean> {
    const member = { workspaceId, userId: user.id, role: 'member' as const, joinedAt: now };
    if (!(await this.workspaces.insertMember(tx, member))) return false;
    const event = newEvent(
      'member.joined',
      { workspaceId, actorId: user.id, time: now },
      { user, role: 'member', channel: null, lastReadSeq: null },
    );
    await this.outbox.append(tx, event, { scope: 'members', id: workspaceId });
    await this.channelMembers.joinDefaults(tx, workspaceId, user.id);
    return true;
  }

  /** Leaves, or is removed by an admin; owners are removed by owners only, and never the last one. */
  async leave(caller: Principal, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    const self = caller.userId === userId;
    const standing = self
      ? await this.access.workspace(caller, workspaceId)
      : await this.access.permit(caller, workspaceId, 'member.remove');
    await this.database.transaction(async (tx) => {
      const owners = await this.workspaces.lockOwners(tx, workspaceId);
      const member = await this.workspaces.findMember(tx, workspaceId, userId);
      if (!member) throw new DomainError('member.not_found');
      if (member.role === 'bot' || (member.role === 'owner' && !self && !allows(standing, 'owner.manage')))
        throw new DomainError('permission.denied');
      if (member.role === 'owner' && owners.length === 1) throw new DomainError('workspace.last_owner');
      await this.workspaces.removeMember(tx, workspaceId, userId);
      const about = { workspaceId, actorId: caller.userId, time: new Date() };
      const event = newEvent('member.left', about, { userId, reason: self ? 'left' : 'removed' });
      await this.outbox.append(tx, event, { scope: 'workspace', id: workspaceId });
    });
  }
}

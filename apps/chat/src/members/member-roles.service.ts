import { Injectable } from '@nestjs/common';
import type {
  ChangeMember,
  Member,
  ProblemCode,
  RoleId,
  UserId,
  WorkspaceId,
  WorkspaceRole,
} from '#contracts';
import { Outbox } from '#db';
import { DomainError, type Principal } from '#platform';
import { AuthorityService, type Decision } from '../access/authority.service.js';
import { isGuest, type Permission } from '../access/permission.js';
import { mayChangeRole } from '../access/rank.js';
import { newEvent } from '../events/new-event.js';
import { GroupChanges } from '../groups/group-changes.service.js';
import { presentMember } from './member.js';
import { MembersRepository, type TargetRow } from './members.repository.js';

/** A role to be given, with what a custom one allows. */
export type NextRole = {
  role: WorkspaceRole;
  customRoleId: RoleId | null;
  customPermissions: readonly Permission[] | null;
};

/** Who is what in a workspace. */
@Injectable()
export class MemberRolesService {
  constructor(
    private readonly authority: AuthorityService,
    private readonly members: MembersRepository,
    private readonly groups: GroupChanges,
    private readonly outbox: Outbox,
  ) {}

  change(caller: Principal, workspaceId: WorkspaceId, userId: UserId, input: ChangeMember): Promise<Member> {
    return this.authority.decide(caller, workspaceId, 'member.change_role', async (decision) => {
      const changed = await this.give(decision, userId, await this.nextRole(decision, input));
      if (changed.refused) throw new DomainError(changed.refused);
      return presentMember(changed.target, decision.now);
    });
  }

  /** An owner hands over: the other becomes owner, and they an admin. At no moment there is none. */
  async transfer(caller: Principal, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    await this.authority.decide(caller, workspaceId, 'workspace.transfer', async (decision) => {
      if (userId === caller.userId) return;
      for (const [who, role] of [
        [userId, 'owner'],
        [caller.userId, 'admin'],
      ] as const) {
        const next = { role, customRoleId: null, customPermissions: null };
        const { refused } = await this.give(decision, who, next);
        if (refused) throw new DomainError(refused);
      }
    });
  }

  /** Throws `role.not_found`. */
  async nextRole(
    { tx, workspaceId }: Decision,
    { role, customRoleId }: { role: WorkspaceRole; customRoleId: RoleId | null },
  ): Promise<NextRole> {
    if (!customRoleId) return { role, customRoleId, customPermissions: null };
    const customPermissions = await this.members.customPermissions(tx, workspaceId, customRoleId);
    if (!customPermissions) throw new DomainError('role.not_found');
    return { role, customRoleId, customPermissions };
  }

  /** Why it can't be, or who the person is now. The same role again changes nothing. */
  async give(
    { tx, workspaceId, actor, now }: Decision,
    userId: UserId,
    next: NextRole,
  ): Promise<{ refused: ProblemCode } | { refused: null; target: TargetRow }> {
    const target = await this.members.lock(tx, workspaceId, userId);
    if (!target) return { refused: 'member.not_found' };
    const before = { ...actor, workspaceRole: target.role, customPermissions: target.customPermissions };
    const after = { ...actor, workspaceRole: next.role, customPermissions: next.customPermissions };
    if (!mayChangeRole(actor, before, after)) return { refused: 'permission.denied' };
    const { role, customRoleId } = next;
    if (role === target.role && customRoleId === target.customRoleId) return { refused: null, target };
    if (target.role === 'owner' && (await this.members.countOwners(tx, workspaceId)) === 1)
      return { refused: 'workspace.last_owner' };
    if (role === 'single_channel_guest' && (await this.members.countRooms(tx, workspaceId, userId)) > 1)
      return { refused: 'member.single_channel' };
    const about = { workspaceId, actorId: actor.userId, time: now };
    // First, so that their own devices still hear of it: guests are in no group and are told of none.
    if (isGuest(role)) await this.groups.leaveAll(tx, userId, about);
    const version = await this.members.setRole(tx, workspaceId, userId, role, customRoleId);
    const event = newEvent('member.role_changed', about, { userId, role, customRoleId, version });
    await this.outbox.append(tx, event, { scope: 'workspace', id: workspaceId });
    return { refused: null, target: { ...target, role, customRoleId } };
  }
}

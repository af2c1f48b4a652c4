import { Injectable } from '@nestjs/common';
import type { FormerState, Member, ProblemCode, UserId, WorkspaceId } from '#contracts';
import { Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AuthorityService, type Decision } from '../access/authority.service.js';
import { mayActOn } from '../access/rank.js';
import { ChannelRolesService } from '../channels/channel-roles.service.js';
import { newEvent } from '../events/new-event.js';
import { GroupChanges } from '../groups/group-changes.service.js';
import { presentMember } from './member.js';
import { MembersRepository, type TargetRow } from './members.repository.js';

/**
 * Leaving a workspace: by oneself, removed, or deactivated. Messages stay, with their author's name. Whoever
 * left is in no channel and no group, so nothing they planned is sent and nothing reaches them.
 */
@Injectable()
export class MemberDepartureService {
  constructor(
    private readonly authority: AuthorityService,
    private readonly members: MembersRepository,
    private readonly channelRoles: ChannelRolesService,
    private readonly groups: GroupChanges,
    private readonly outbox: Outbox,
  ) {}

  /** Leaves, or is removed by someone of no lower rank. */
  async remove(caller: Principal, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    const self = caller.userId === userId;
    await this.authority.decide(caller, workspaceId, self ? null : 'member.remove', async (decision) => {
      const { refused } = await this.depart(decision, userId, self ? 'left' : 'removed');
      if (refused) throw new DomainError(refused);
    });
  }

  deactivate(caller: Principal, workspaceId: WorkspaceId, userId: UserId): Promise<Member> {
    return this.authority.decide(caller, workspaceId, 'member.deactivate', async (decision) => {
      const departed = await this.depart(decision, userId, 'deactivated');
      if (departed.refused) throw new DomainError(departed.refused);
      return presentMember({ ...departed.target, state: 'deactivated', since: decision.now }, decision.now);
    });
  }

  /**
   * Of someone whose account is going: out of all workspaces. Throws `workspace.last_owner` when one would
   * be left without an owner.
   */
  async leaveEverywhere(tx: Tx, userId: UserId, now: Date): Promise<void> {
    for (const workspaceId of await this.members.workspacesOf(tx, userId)) {
      await this.authority.lock(tx, workspaceId);
      const target = await this.members.lock(tx, workspaceId, userId);
      if (!target) continue;
      if (await this.isLastOwner(tx, workspaceId, target)) throw new DomainError('workspace.last_owner');
      await this.move(tx, workspaceId, target, 'left', userId, now);
    }
    const about = { actorId: userId, time: now };
    for (const { workspaceId, version } of await this.members.leaveForGood(tx, userId))
      await this.tell(tx, workspaceId, userId, 'left', version, about);
  }

  /** Why it can't be, or who went. */
  async depart(
    { tx, workspaceId, actor, now }: Decision,
    userId: UserId,
    state: FormerState,
  ): Promise<{ refused: ProblemCode } | { refused: null; target: TargetRow }> {
    const target = await this.members.lock(tx, workspaceId, userId);
    if (!target) return { refused: 'member.not_found' };
    const standing = { workspaceRole: target.role, customPermissions: target.customPermissions };
    const permission = state === 'deactivated' ? 'member.deactivate' : 'member.remove';
    if (state !== 'left' && !mayActOn(actor, standing, permission)) return { refused: 'permission.denied' };
    if (target.role === 'bot') return { refused: 'permission.denied' };
    if (await this.isLastOwner(tx, workspaceId, target)) return { refused: 'workspace.last_owner' };
    await this.move(tx, workspaceId, target, state, actor.userId, now);
    return { refused: null, target };
  }

  private async isLastOwner(tx: Tx, workspaceId: WorkspaceId, { role }: TargetRow): Promise<boolean> {
    return role === 'owner' && (await this.members.countOwners(tx, workspaceId)) === 1;
  }

  private async move(
    tx: Tx,
    workspaceId: WorkspaceId,
    { id: userId }: TargetRow,
    state: FormerState,
    actorId: UserId,
    time: Date,
  ): Promise<void> {
    await this.channelRoles.handOverAll(tx, workspaceId, userId, actorId);
    const version = await this.members.keep(tx, workspaceId, userId, state, time);
    await this.groups.leaveAll(tx, userId, { workspaceId, actorId, time });
    await this.members.remove(tx, workspaceId, userId);
    await this.tell(tx, workspaceId, userId, state, version, { actorId, time });
  }

  private async tell(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    reason: FormerState,
    version: number,
    about: { actorId: UserId; time: Date },
  ): Promise<void> {
    const event = newEvent('member.left', { workspaceId, ...about }, { userId, reason, version });
    await this.outbox.append(tx, event, { scope: 'workspace', id: workspaceId });
  }
}

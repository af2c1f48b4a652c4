import { Injectable } from '@nestjs/common';
import type { ChannelId, Member, RoleId, User, UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import { Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AuthorityService } from '../access/authority.service.js';
import { isGuest } from '../access/permission.js';
import { mayActOn, mayGrant } from '../access/rank.js';
import { BOT_USER_ID } from '../accounts/bot-account.js';
import { ChannelMembersService } from '../channels/channel-members.service.js';
import { newEvent } from '../events/new-event.js';
import { presentUser } from '../accounts/account.js';
import { GroupChanges } from '../groups/group-changes.service.js';
import { presentMember, refusal, type Ticket } from './member.js';
import { MembersRepository, type NewMember } from './members.repository.js';

export type Entrance = {
  role: WorkspaceRole;
  /** For guests all they get, for members besides the default channels. */
  channelIds: readonly ChannelId[];
  ticket: Ticket | null;
};

/** Entering a workspace, and coming back. */
@Injectable()
export class MemberEntryService {
  constructor(
    private readonly authority: AuthorityService,
    private readonly members: MembersRepository,
    private readonly channelMembers: ChannelMembersService,
    private readonly groups: GroupChanges,
    private readonly outbox: Outbox,
  ) {}

  /** The first people of a new workspace: who made it, and the bot. */
  async found(tx: Tx, workspaceId: WorkspaceId, ownerId: UserId, joinedAt: Date): Promise<void> {
    const first = { workspaceId, customRoleId: null, joinedAt, version: 1 };
    await this.members.insert(tx, { ...first, userId: ownerId, role: 'owner' });
    await this.members.insert(tx, { ...first, userId: BOT_USER_ID, role: 'bot' });
  }

  /** False when already in, which changes nothing. Throws when the person may not come back by themselves. */
  async enter(
    tx: Tx,
    workspaceId: WorkspaceId,
    user: User,
    { role, channelIds, ticket }: Entrance,
    now: Date,
  ): Promise<boolean> {
    const member = { workspaceId, userId: user.id, role, customRoleId: null, joinedAt: now };
    // First of all: whoever is being taken out at this moment is waited for.
    if (!(await this.members.insert(tx, { ...member, version: 1 }))) return false;
    const former = await this.members.takeFormer(tx, workspaceId, user.id);
    const refused = refusal(former, ticket);
    if (refused) throw new DomainError(refused);
    const version = former ? former.version + 1 : 1;
    if (former) await this.members.setVersion(tx, workspaceId, user.id, version);
    await this.announce(tx, user, { ...member, version }, user.id, now);
    if (former) {
      const returned = await this.members.restore(tx, workspaceId, user.id, former.kept);
      await this.channelMembers.announceReturn(tx, user, returned, user.id);
    }
    if (!isGuest(role)) await this.channelMembers.joinDefaults(tx, workspaceId, user.id);
    await this.channelMembers.joinAll(tx, workspaceId, user.id, channelIds);
    return true;
  }

  /** Back as they were: role, channels, groups, and what they had read. */
  reactivate(caller: Principal, workspaceId: WorkspaceId, userId: UserId): Promise<Member> {
    return this.authority.decide(caller, workspaceId, 'member.deactivate', async ({ tx, actor, now }) => {
      const former = await this.members.takeFormer(tx, workspaceId, userId);
      if (!former) {
        const active = await this.members.lock(tx, workspaceId, userId);
        throw new DomainError(active ? 'member.not_deactivated' : 'member.not_found');
      }
      if (former.state !== 'deactivated') throw new DomainError('member.not_deactivated');
      const customPermissions = await this.customPermissions(tx, workspaceId, former.customRoleId);
      const standing = { ...actor, workspaceRole: former.role, customPermissions };
      if (!mayActOn(actor, standing, 'member.deactivate') || !mayGrant(actor, null, standing))
        throw new DomainError('permission.denied');
      const row = await this.members.person(tx, userId);
      const user = presentUser(row, now);
      const { role, customRoleId, joinedAt } = former;
      const member = { workspaceId, userId, role, customRoleId, joinedAt, version: former.version + 1 };
      await this.members.insert(tx, member);
      await this.announce(tx, user, member, actor.userId, now);
      const returned = await this.members.restore(tx, workspaceId, userId, former.kept);
      await this.channelMembers.announceReturn(tx, user, returned, actor.userId);
      await this.groups.announceReturn(tx, userId, { workspaceId, actorId: actor.userId, time: now });
      return presentMember(
        { ...row, role, customRoleId, joinedAt, state: null, since: null, nameKey: '' },
        now,
      );
    });
  }

  private async customPermissions(tx: Tx, workspaceId: WorkspaceId, id: RoleId | null) {
    return id && this.members.customPermissions(tx, workspaceId, id);
  }

  private async announce(tx: Tx, user: User, member: NewMember, actorId: UserId, time: Date): Promise<void> {
    const { workspaceId, role, customRoleId, version } = member;
    const event = newEvent(
      'member.joined',
      { workspaceId, actorId, time },
      {
        user,
        role,
        channel: null,
        lastReadSeq: null,
        joinedAt: member.joinedAt.toISOString(),
        ...(customRoleId ? { customRoleId } : {}),
        version,
      },
    );
    await this.outbox.append(tx, event, { scope: 'members', id: workspaceId });
  }
}

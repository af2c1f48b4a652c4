import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelMember, ChannelRole, UserId, WorkspaceId } from '#contracts';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService, type ChannelRow } from '../access/access.service.js';
import { mayRemoveFromChannel } from '../access/permission.js';
import { ChannelEvents } from './channel-events.js';
import { ChannelMembersRepository, presentMember } from './channel-members.repository.js';
import { mayBeChannelAdmin, mayManageChannel, successorOf } from './channel-rules.js';
import { ChannelSettingsRepository } from './channel-settings.repository.js';

/** Who runs a channel, and who leaves it. */
@Injectable()
export class ChannelRolesService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly members: ChannelMembersRepository,
    private readonly settings: ChannelSettingsRepository,
    private readonly events: ChannelEvents,
  ) {}

  async setRole(
    caller: Principal,
    channelId: ChannelId,
    userId: UserId,
    role: ChannelRole,
  ): Promise<ChannelMember> {
    const channel = await this.access.channel(caller, channelId);
    if (channel.kind === 'direct') throw new DomainError('channel.direct_unsupported');
    if (!mayManageChannel(channel)) throw new DomainError('permission.denied');
    return this.database.transaction(async (tx) => {
      const row = await this.lock(tx, channelId);
      if (row.archivedAt) throw new DomainError('channel.archived');
      const [member] = await this.members.some(tx, channelId, [userId]);
      if (!member) throw new DomainError('member.not_found');
      if (member.role === role) return presentMember(member, this.events.now());
      const able = mayBeChannelAdmin(member.workspaceRole);
      if (role === 'admin' && !able) throw new DomainError('channel.admin_ineligible');
      if (role === 'member' && able) await this.requireOtherAdmin(tx, channelId, userId);
      return this.give(tx, row, userId, role, caller.userId);
    });
  }

  /**
   * Leaves, or is removed. When the last admin goes, whoever has been in it longest takes over; when nobody
   * is left in a private channel it is archived.
   */
  async remove(caller: Principal, channelId: ChannelId, userId: UserId): Promise<void> {
    const self = userId === caller.userId;
    const channel = self
      ? await this.access.joinedChannel(caller, channelId)
      : await this.access.channel(caller, channelId);
    if (channel.kind === 'direct') throw new DomainError('channel.direct_fixed');
    if (!self && !mayRemoveFromChannel(channel)) throw new DomainError('permission.denied');
    await this.database.transaction(async (tx) => {
      const row = await this.lock(tx, channelId);
      const role = await this.members.remove(tx, channelId, userId);
      if (!role) throw new DomainError('member.not_found');
      const reason = self ? 'left' : 'removed';
      const version = await this.members.nextVersion(tx);
      await this.events.toMembers(tx, 'member.left', row, caller.userId, { userId, reason, version });
      if (await this.members.isDeserted(tx, channelId)) await this.close(tx, row, caller.userId);
      else if (role === 'admin') await this.handOver(tx, row, userId, caller.userId);
    });
  }

  /** Of someone who is about to leave the workspace, and all of their channels with it. */
  async handOverAll(tx: Tx, workspaceId: WorkspaceId, userId: UserId, actorId: UserId): Promise<void> {
    for (const { id, isAdmin, isLast } of await this.members.lockOwn(tx, workspaceId, userId)) {
      if (isLast) await this.close(tx, await this.lock(tx, id), actorId);
      else if (isAdmin) await this.handOver(tx, await this.lock(tx, id), userId, actorId);
    }
  }

  /** Nobody could see it any more, let alone end what goes on in it. */
  private async close(tx: Tx, row: ChannelRow, actorId: UserId): Promise<void> {
    if (row.archivedAt) return;
    const archived = await this.settings.save(tx, { ...row, archivedAt: this.events.now() });
    await this.events.changed(tx, 'channel.archived', archived, actorId);
  }

  private async handOver(tx: Tx, row: ChannelRow, leaverId: UserId, actorId: UserId): Promise<void> {
    const heir = successorOf(await this.members.candidates(tx, row.id, leaverId));
    if (heir) await this.give(tx, row, heir, 'admin', actorId);
  }

  private async give(
    tx: Tx,
    row: ChannelRow,
    userId: UserId,
    role: ChannelRole,
    actorId: UserId,
  ): Promise<ChannelMember> {
    await this.members.setRole(tx, row.id, userId, role);
    const [changed] = await this.members.some(tx, row.id, [userId]);
    if (!changed) throw new DomainError('member.not_found');
    const member = presentMember(changed, this.events.now());
    await this.events.toMembers(tx, 'channel_member.updated', row, actorId, { channelId: row.id, member });
    return member;
  }

  private async requireOtherAdmin(tx: Tx, channelId: ChannelId, userId: UserId): Promise<void> {
    const others = await this.members.candidates(tx, channelId, userId);
    const another = others.some((one) => one.role === 'admin' && mayBeChannelAdmin(one.workspaceRole));
    if (!another) throw new DomainError('channel.last_admin');
  }

  private async lock(tx: Tx, channelId: ChannelId): Promise<ChannelRow> {
    const row = await this.settings.lock(tx, channelId);
    if (!row) throw new DomainError('channel.not_found');
    return row;
  }
}

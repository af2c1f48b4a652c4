import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelMember, Page, PageQuery, User, UserId, WorkspaceId } from '#contracts';
import { Clock, cutPage } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { allows, mayRemoveFromChannel } from '../access/permission.js';
import { presentUser } from '../accounts/account.js';
import { AccessService, type ChannelRow } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { nameCursor } from '../paging/name-cursor.js';
import { presentChannel, presentMyChannel, type ReturnedTo } from './channel.js';
import { ChannelsRepository } from './channels.repository.js';

/** Who is in a channel, and what they have read. */
@Injectable()
export class ChannelMembersService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly channels: ChannelsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async list(
    caller: Principal,
    channelId: ChannelId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<ChannelMember>> {
    await this.access.channel(caller, channelId);
    const rows = await this.channels.members(channelId, nameCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.name, row.id]);
    const now = this.clock.now();
    const present = (row: (typeof rows)[number]): ChannelMember => ({
      user: presentUser(row, now),
      role: row.role,
      joinedAt: row.joinedAt.toISOString(),
    });
    return { ...page, data: page.data.map(present) };
  }

  async join(caller: Principal, channelId: ChannelId) {
    const channel = await this.access.channel(caller, channelId);
    if (channel.channelRole) return presentMyChannel(channel);
    if (channel.kind !== 'public') throw new DomainError('channel.not_joinable');
    if (channel.archivedAt) throw new DomainError('channel.archived');
    await this.database.transaction((tx) => this.addIn(tx, channel, caller.userId, caller.userId));
    return presentMyChannel(await this.access.channel(caller, channelId));
  }

  /** Whoever sees the people of the workspace may add them; adding someone twice changes nothing. */
  async add(caller: Principal, channelId: ChannelId, userId: UserId): Promise<ChannelMember> {
    const channel = await this.access.joinedChannel(caller, channelId);
    if (channel.kind === 'direct') throw new DomainError('channel.direct_fixed');
    if (!allows(channel, 'member.list')) throw new DomainError('permission.denied');
    if (channel.archivedAt) throw new DomainError('channel.archived');
    const now = this.clock.now();
    const user = await this.database.transaction((tx) => this.addIn(tx, channel, userId, caller.userId));
    return { user, role: 'member', joinedAt: now.toISOString() };
  }

  async remove(caller: Principal, channelId: ChannelId, userId: UserId): Promise<void> {
    const self = userId === caller.userId;
    const channel = await this.access.joinedChannel(caller, channelId);
    if (channel.kind === 'direct') throw new DomainError('channel.direct_fixed');
    if (!self && !mayRemoveFromChannel(channel)) throw new DomainError('permission.denied');
    await this.database.transaction(async (tx) => {
      if (!(await this.channels.removeMember(tx, channelId, userId)))
        throw new DomainError('member.not_found');
      const about = {
        workspaceId: channel.workspaceId,
        channelId,
        actorId: caller.userId,
        time: this.clock.now(),
      };
      const event = newEvent('member.left', about, { userId, reason: self ? 'left' : 'removed' });
      await this.outbox.append(tx, event, { scope: 'channel', id: channelId });
    });
  }

  /** Puts someone who entered the workspace into its default channels. */
  async joinDefaults(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    for (const id of await this.channels.defaults(tx, workspaceId)) {
      const channel = await this.channels.getRow(tx, id);
      await this.addIn(tx, channel, userId, userId);
    }
  }

  /** Puts someone into those of the channels that are there and open, as whoever invited them meant. */
  async joinAll(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    channelIds: readonly ChannelId[],
  ): Promise<void> {
    for (const id of channelIds) {
      const channel = await this.channels.findRow(tx, id);
      if (!channel || channel.workspaceId !== workspaceId || channel.kind === 'direct') continue;
      if (!channel.archivedAt) await this.addIn(tx, channel, userId, userId);
    }
  }

  /** Tells the channels of someone who is back in them. */
  async announceReturn(tx: Tx, user: User, channels: readonly ReturnedTo[], actorId: UserId): Promise<void> {
    for (const { channelId, role, lastReadSeq } of channels) {
      const row = await this.channels.getRow(tx, channelId);
      const about = { workspaceId: row.workspaceId, channelId, actorId, time: this.clock.now() };
      const data = { user, role, channel: presentChannel(row), lastReadSeq };
      await this.outbox.append(tx, newEvent('member.joined', about, data), {
        scope: 'channel',
        id: channelId,
      });
    }
  }

  /** A single-channel guest is in one channel, besides conversations. */
  private async requireRoom(tx: Tx, channel: ChannelRow, userId: UserId): Promise<void> {
    const role = await this.channels.lockRole(tx, channel.workspaceId, userId);
    if (role !== 'single_channel_guest') return;
    const rooms = await this.channels.roomsOf(tx, channel.workspaceId, userId);
    if (rooms.some((id) => id !== channel.id)) throw new DomainError('member.single_channel');
  }

  private async addIn(tx: Tx, channel: ChannelRow, userId: UserId, actorId: UserId): Promise<User> {
    const [row] = await this.channels.people(tx, channel.workspaceId, [userId]);
    if (!row) throw new DomainError('member.not_found');
    await this.requireRoom(tx, channel, userId);
    const now = this.clock.now();
    const user = presentUser(row, now);
    const [added] = await this.channels.addMembers(tx, channel.id, [userId], 'member', now);
    if (!added) return user;
    const about = { workspaceId: channel.workspaceId, channelId: channel.id, actorId, time: now };
    const event = newEvent('member.joined', about, {
      user,
      role: 'member',
      channel: {
        ...presentChannel(channel),
        lastSeq: Math.max(channel.lastSeq, added.lastReadSeq),
        lastOrdinal: Math.max(channel.lastOrdinal, added.lastReadOrdinal),
      },
      lastReadSeq: added.lastReadSeq,
    });
    await this.outbox.append(tx, event, { scope: 'channel', id: channel.id });
    return user;
  }
}

import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelMember, Page, PageQuery, User, UserId, WorkspaceId } from '#contracts';
import { Clock, cutPage } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { timeCursor } from '../paging/time-cursor.js';
import type { ReturnedTo } from './channel.js';
import { ChannelJoining } from './channel-joining.js';
import { ChannelMembersRepository, presentMember } from './channel-members.repository.js';

/** Who is in a channel, and who comes in. */
@Injectable()
export class ChannelMembersService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly members: ChannelMembersRepository,
    private readonly joining: ChannelJoining,
    private readonly clock: Clock,
  ) {}

  /** Longest members first. */
  async list(
    caller: Principal,
    channelId: ChannelId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<ChannelMember>> {
    await this.access.channel(caller, channelId);
    const rows = await this.members.page(channelId, timeCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.joinedAt.toISOString(), row.id]);
    const now = this.clock.now();
    return { ...page, data: page.data.map((row) => presentMember(row, now)) };
  }

  /** Who is in already stays as they are. */
  async join(caller: Principal, channelId: ChannelId): Promise<void> {
    const channel = await this.access.channel(caller, channelId);
    if (channel.channelRole) return;
    await this.database.transaction((tx) =>
      this.joining.add(tx, channel, [caller.userId], caller.userId, ({ kind }) => {
        // Asked again while the channel is held: it may have become private meanwhile.
        if (kind !== 'public') throw new DomainError('channel.not_joinable');
      }),
    );
  }

  /**
   * Whoever sees the people of the workspace may add them, all or none. Those who are in already stay as
   * they are. In the order of `userIds`.
   */
  async add(caller: Principal, channelId: ChannelId, userIds: UserId[]): Promise<ChannelMember[]> {
    const channel = await this.access.joinedChannel(caller, channelId);
    if (channel.kind === 'direct') throw new DomainError('channel.direct_fixed');
    if (!allows(channel, 'member.list')) throw new DomainError('permission.denied');
    const wanted = [...new Set(userIds)];
    const rows = await this.database.transaction(async (tx) => {
      await this.joining.add(tx, channel, wanted, caller.userId);
      return this.members.some(tx, channelId, wanted);
    });
    const byId = new Map(rows.map((row) => [row.id, presentMember(row, this.clock.now())]));
    return wanted.flatMap((id) => byId.get(id) ?? []);
  }

  /** Puts someone who entered the workspace into its default channels. */
  async joinDefaults(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    await this.joinAll(tx, workspaceId, userId, await this.joining.defaults(tx, workspaceId));
  }

  /** Puts someone into those of the channels that are there and open, as whoever invited them meant. */
  async joinAll(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    channelIds: readonly ChannelId[],
  ): Promise<void> {
    for (const id of await this.joining.open(tx, workspaceId, channelIds))
      await this.joining.add(tx, { id, workspaceId }, [userId], userId);
  }

  announceReturn(tx: Tx, user: User, channels: readonly ReturnedTo[], actorId: UserId): Promise<void> {
    return this.joining.announceReturn(tx, user, channels, actorId);
  }
}

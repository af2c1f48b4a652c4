import { Injectable } from '@nestjs/common';
import type { ChannelId, DirectInvitation, UserId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';
import { DomainError } from '#platform';
import type { ChannelRow } from '../access/access.service.js';
import { directKeyOf, directUserIdsOf } from './channel.js';
import { ChannelEvents } from './channel-events.js';
import { ChannelJoining } from './channel-joining.js';
import { ChannelMembersRepository } from './channel-members.repository.js';
import { ChannelSettingsRepository } from './channel-settings.repository.js';

/** A conversation held in a transaction, and the people in it who can speak for themselves. */
export type HeldDirect = { row: ChannelRow; voters: ReadonlySet<UserId> };

/** The members of direct conversations, which follow rules of their own. */
@Injectable()
export class ChannelDirects {
  constructor(
    private readonly settings: ChannelSettingsRepository,
    private readonly members: ChannelMembersRepository,
    private readonly joining: ChannelJoining,
    private readonly events: ChannelEvents,
  ) {}

  /** People who left the workspace and came back are in their conversations again. */
  async bringBack(
    tx: Tx,
    channel: { id: ChannelId; workspaceId: WorkspaceId },
    userIds: readonly UserId[],
    actorId: UserId,
  ): Promise<void> {
    const there = await this.members.some(tx, channel.id, userIds);
    if (there.length < userIds.length) await this.joining.add(tx, channel, userIds, actorId);
  }

  /** Holds `userId`, who may be added, and then the conversation: people come first, as everywhere. */
  async hold(
    tx: Tx,
    { id, workspaceId }: { id: ChannelId; workspaceId: WorkspaceId },
    userId: UserId,
  ): Promise<HeldDirect> {
    await this.members.lockPeople(tx, workspaceId, [userId]);
    const row = await this.settings.lock(tx, id);
    if (!row) throw new DomainError('channel.not_found');
    return { row, voters: new Set(await this.members.allIds(tx, id)) };
  }

  /** Rejects with a unique violation when these people have a conversation. */
  async extend(tx: Tx, row: ChannelRow, userId: UserId, actorId: UserId): Promise<void> {
    const key = directKeyOf([...directUserIdsOf(row), userId]);
    const extended = await this.settings.setDirectKey(tx, row.id, key);
    await this.events.changed(tx, 'channel.updated', extended, actorId);
    await this.joining.add(tx, row, [userId], actorId);
  }

  async tell(tx: Tx, row: ChannelRow, invitation: DirectInvitation, actorId: UserId): Promise<void> {
    await this.events.toMembers(tx, 'direct_invitation.updated', row, actorId, { invitation });
  }
}

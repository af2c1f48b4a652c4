import { Injectable } from '@nestjs/common';
import type { ChannelId, DirectInvitation, UserId } from '#contracts';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import type { ChannelAccess, ChannelRow } from '../access/access.service.js';
import { directKeyOf, directUserIdsOf } from '../channels/channel.js';
import { ChannelDirects, type HeldDirect } from '../channels/channel-directs.js';
import { MAX_PEOPLE, stateAt, type InvitationRow } from './direct-invitation.js';
import { DirectMessagesRepository } from './direct-messages.repository.js';
import { DirectMessagesService } from './direct-messages.service.js';

export const presentInvitation = (row: InvitationRow): DirectInvitation => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

/** Writes answers down, tells the others, and lets the person in with the last yes. */
@Injectable()
export class DirectInvitationDecision {
  constructor(
    private readonly database: Database,
    private readonly directs: DirectMessagesRepository,
    private readonly people: DirectMessagesService,
    private readonly channels: ChannelDirects,
  ) {}

  /** One transaction that holds the person and the conversation. */
  async run(
    channel: ChannelAccess,
    userId: UserId,
    work: (tx: Tx, held: HeldDirect) => Promise<InvitationRow>,
  ): Promise<DirectInvitation> {
    const attempt = () =>
      this.database.transaction(async (tx) => work(tx, await this.channels.hold(tx, channel, userId)));
    try {
      return presentInvitation(await attempt());
    } catch (error) {
      if (!isSameConversation(error)) throw error;
      // Opened by somebody in this very moment: the second attempt finds it and says so.
      return presentInvitation(await attempt());
    }
  }

  open(tx: Tx, channelId: ChannelId, now: Date): Promise<InvitationRow[]> {
    return this.directs.open(tx, channelId, now);
  }

  async invitedBy(id: DirectInvitation['id'], channelId: ChannelId): Promise<UserId> {
    const userId = await this.database.transaction((tx) => this.directs.findInvited(tx, id, channelId));
    if (!userId) throw new DomainError('direct_invitation.not_found');
    return userId;
  }

  lock(tx: Tx, id: DirectInvitation['id']): Promise<InvitationRow> {
    return this.directs.lock(tx, id);
  }

  /** What waits for answers already. One that ran out makes room for a new one. */
  async lockPending(
    tx: Tx,
    row: ChannelRow,
    userId: UserId,
    now: Date,
    actorId: UserId,
  ): Promise<InvitationRow | null> {
    const pending = await this.directs.lockPending(tx, row.id, userId);
    if (!pending || stateAt(pending, now) === 'pending') return pending;
    await this.take(tx, row, { ...pending, state: 'expired', version: pending.version + 1 }, actorId);
    return null;
  }

  async requireAddable(
    tx: Tx,
    caller: Principal,
    channel: ChannelAccess,
    row: ChannelRow,
    userId: UserId,
  ): Promise<void> {
    await this.people.requireKnown(tx, caller, channel, row.workspaceId, [userId]);
    await this.requireNoOther(tx, row, userId);
  }

  async take(tx: Tx, row: ChannelRow, invitation: InvitationRow, actorId: UserId): Promise<void> {
    const agreed = invitation.state === 'accepted';
    if (agreed) {
      if (directUserIdsOf(row).length >= MAX_PEOPLE) throw new DomainError('channel.direct_full');
      await this.requireNoOther(tx, row, invitation.userId);
    }
    await this.directs.save(tx, invitation);
    await this.channels.tell(tx, row, presentInvitation(invitation), actorId);
    if (agreed) await this.channels.extend(tx, row, invitation.userId, actorId);
  }

  private async requireNoOther(tx: Tx, row: ChannelRow, userId: UserId): Promise<void> {
    const key = directKeyOf([...directUserIdsOf(row), userId]);
    const channelId = await this.directs.find(tx, row.workspaceId, key);
    if (channelId) throw new DomainError('channel.direct_exists', { channelId });
  }
}

const isSameConversation = (error: unknown): boolean => {
  const { driverError } = error as { driverError?: { code?: string; constraint?: string } };
  return driverError?.code === '23505' && driverError.constraint === 'channels_direct';
};

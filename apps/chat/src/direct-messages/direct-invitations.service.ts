import { Injectable } from '@nestjs/common';
import type { ChannelId, DirectInvitation, UserId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService, type ChannelAccess } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { directUserIdsOf } from '../channels/channel.js';
import type { HeldDirect } from '../channels/channel-directs.js';
import { answer, MAX_PEOPLE, propose, type Answer, type InvitationRow } from './direct-invitation.js';
import { DirectInvitationDecision, presentInvitation } from './direct-invitation-decision.js';

/** Adding a person to a conversation with all of its history, to which everyone in it has to agree. */
@Injectable()
export class DirectInvitationsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly decision: DirectInvitationDecision,
    private readonly clock: Clock,
  ) {}

  /** Those that wait for answers. */
  async list(caller: Principal, channelId: ChannelId): Promise<DirectInvitation[]> {
    const channel = await this.access.channel(caller, channelId);
    if (channel.kind !== 'direct') throw new DomainError('channel.direct_only');
    const rows = await this.database.transaction((tx) => this.decision.open(tx, channelId, this.clock.now()));
    return rows.map(presentInvitation);
  }

  /** Proposing is agreeing, also to what somebody else proposed before. */
  async propose(caller: Principal, channelId: ChannelId, userId: UserId): Promise<DirectInvitation> {
    const channel = await this.find(caller, channelId);
    return this.decision.run(channel, userId, async (tx, held) => {
      await this.requireAddable(tx, caller, channel, held, userId);
      const now = this.clock.now();
      const pending = await this.decision.lockPending(tx, held.row, userId, now, caller.userId);
      const { workspaceId } = channel;
      const id = uuidv7() as DirectInvitation['id'];
      const about = { id, workspaceId, channelId, userId, proposedBy: caller.userId };
      return this.give(tx, caller, held, pending ?? propose(about, now), 'accept', now);
    });
  }

  async answer(
    caller: Principal,
    channelId: ChannelId,
    id: DirectInvitation['id'],
    given: Answer,
  ): Promise<DirectInvitation> {
    const channel = await this.find(caller, channelId);
    const userId = await this.decision.invitedBy(id, channelId);
    return this.decision.run(channel, userId, async (tx, held) => {
      const invitation = await this.decision.lock(tx, id);
      if (isRepeated(invitation, caller.userId, given)) return invitation;
      return this.give(tx, caller, held, invitation, given, this.clock.now());
    });
  }

  private async give(
    tx: Tx,
    caller: Principal,
    held: HeldDirect,
    invitation: InvitationRow,
    given: Answer,
    now: Date,
  ): Promise<InvitationRow> {
    const next = answer(invitation, caller.userId, given, held.voters, now);
    if (next === 'expired') throw new DomainError('direct_invitation.expired');
    if (next === 'decided') throw new DomainError('direct_invitation.decided');
    if (next === 'no_voter') throw new DomainError('permission.denied');
    await this.decision.take(tx, held.row, next, caller.userId);
    return next;
  }

  private async find(caller: Principal, channelId: ChannelId): Promise<ChannelAccess> {
    const channel = await this.access.joinedChannel(caller, channelId);
    if (!allows(channel, 'direct.create')) throw new DomainError('permission.denied');
    if (channel.kind !== 'direct') throw new DomainError('channel.direct_only');
    return channel;
  }

  private async requireAddable(
    tx: Tx,
    caller: Principal,
    channel: ChannelAccess,
    { row }: HeldDirect,
    userId: UserId,
  ): Promise<void> {
    const there = directUserIdsOf(row);
    if (there.includes(userId)) throw new DomainError('channel.already_member');
    // Notes to oneself are nobody else's.
    if (there.length === 1) throw new DomainError('channel.direct_fixed');
    if (there.length >= MAX_PEOPLE) throw new DomainError('channel.direct_full');
    await this.decision.requireAddable(tx, caller, channel, row, userId);
  }
}

/** The same answer again, from a client that did not hear the reply to the first. */
const isRepeated = (invitation: InvitationRow, userId: UserId, given: Answer): boolean =>
  given === 'accept'
    ? invitation.state === 'accepted' && invitation.acceptedBy.includes(userId)
    : invitation.state === 'declined' && invitation.declinedBy === userId;

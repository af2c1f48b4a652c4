import { Injectable } from '@nestjs/common';
import type { Invite as InviteView, InviteId, InvitePreview, UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { presentUser } from '../accounts/account.js';
import { newEvent } from '../events/new-event.js';
import { MemberEntryService } from '../members/member-entry.service.js';
import type { Invite } from './invite.entity.js';
import { hashOf, isOpen, presentInvite } from './invite.js';
import { InvitesRepository } from './invites.repository.js';

/** Using invites, and taking them back. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly database: Database,
    private readonly invites: InvitesRepository,
    private readonly access: AccessService,
    private readonly entry: MemberEntryService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async list(caller: Principal, workspaceId: WorkspaceId): Promise<InviteView[]> {
    await this.access.permit(caller, workspaceId, 'invite.manage');
    const now = this.clock.now();
    return (await this.invites.list(workspaceId)).filter((invite) => isOpen(invite, now)).map(presentInvite);
  }

  /** Whoever made an invite may revoke it, and so may admins. Again changes nothing. */
  async revoke(caller: Principal, workspaceId: WorkspaceId, inviteId: InviteId): Promise<void> {
    const standing = await this.access.workspace(caller, workspaceId);
    const mayAll = allows(standing, 'invite.manage');
    await this.database.transaction(async (tx) => {
      const invite = await this.invites.lock(tx, inviteId);
      if (invite?.workspaceId !== workspaceId) throw new DomainError('invite.not_found');
      if (invite.createdBy !== caller.userId && !mayAll) throw new DomainError('permission.denied');
      if (invite.revokedAt) return;
      const now = this.clock.now();
      await this.invites.revoke(tx, inviteId, now);
      await this.announceRevoked(tx, workspaceId, inviteId, caller.userId, now);
    });
  }

  async preview(token: string): Promise<InvitePreview> {
    return this.database.transaction(async (tx) => {
      const invite = await this.invites.findByToken(tx, hashOf(token));
      if (!invite) throw new DomainError('invite.not_found');
      await this.requireOpen(tx, invite);
      return { ...(await this.invites.preview(tx, invite.id)), expiresAt: invite.expiresAt.toISOString() };
    });
  }

  /** Where it leads. Joining again with an open invite changes nothing and uses nothing up. */
  async accept(caller: Principal, token: string): Promise<WorkspaceId> {
    return this.database.transaction(async (tx) => {
      const invite = await this.invites.lockByToken(tx, hashOf(token));
      if (!invite) throw new DomainError('invite.not_found');
      const user = await this.invites.user(tx, caller.userId);
      if (user?.kind !== 'user') throw new DomainError('permission.denied');
      // Whoever follows their invite twice is where they wanted to be, used up or not.
      if (await this.access.standingIn(tx, invite.workspaceId, user.id)) return invite.workspaceId;
      const { byAdmin } = await this.requireOpen(tx, invite);
      const { workspaceId, role, channelIds, createdAt } = invite;
      const now = this.clock.now();
      const entrance = { role, channelIds, ticket: { madeAt: createdAt, byAdmin } };
      if (!(await this.entry.enter(tx, workspaceId, presentUser(user, now), entrance, now)))
        return workspaceId;
      await this.invites.countUse(tx, invite.id);
      const about = { workspaceId, actorId: user.id, time: now };
      const used = presentInvite({ ...invite, uses: invite.uses + 1 });
      await this.outbox.append(tx, newEvent('invite.used', about, { invite: used }), {
        scope: 'admins',
        id: workspaceId,
      });
      return workspaceId;
    });
  }

  async announceRevoked(
    tx: Tx,
    workspaceId: WorkspaceId,
    inviteId: InviteId,
    actorId: UserId,
    time: Date,
  ): Promise<void> {
    const event = newEvent('invite.revoked', { workspaceId, actorId, time }, { inviteId });
    await this.outbox.append(tx, event, { scope: 'admins', id: workspaceId });
  }

  /** An invite is worth what its maker may do now: whoever may invite nobody lets nobody in. */
  private async requireOpen(tx: Tx, invite: Invite): Promise<{ byAdmin: boolean }> {
    const maker = await this.access.standingIn(tx, invite.workspaceId, invite.createdBy);
    if (!maker || !allows(maker, 'invite.create') || !isOpen(invite, this.clock.now()))
      throw new DomainError('invite.expired');
    return { byAdmin: allows(maker, 'member.remove') };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import {
  Email,
  type CreatedInvite,
  type CreateInvite,
  type EmailInvites,
  type InviteByEmail,
  type InviteId,
  type WorkspaceId,
} from '#contracts';
import { uuidv7 } from '#core';
import { Outbox } from '#db';
import { CONFIG, DomainError, type Principal } from '#platform';
import { AuthorityService, type Decision } from '../access/authority.service.js';
import { mayGrant } from '../access/rank.js';
import type { ChatConfig } from '../config.js';
import { newEvent } from '../events/new-event.js';
import { MailThrottle } from '../mail/mail-throttle.js';
import type { Invite } from './invite.entity.js';
import { newToken, presentInvite } from './invite.js';
import { InviteMails } from './invite-mails.service.js';
import { InvitesRepository } from './invites.repository.js';
import { InvitesService } from './invites.service.js';

const HOUR_MS = 3_600_000;
type Terms = Pick<CreateInvite, 'expiresInHours' | 'maxUses' | 'role' | 'channelIds'>;

/** Inviting people, by a link or by e-mail. */
@Injectable()
export class NewInvitesService {
  constructor(
    private readonly authority: AuthorityService,
    private readonly invites: InvitesRepository,
    private readonly existing: InvitesService,
    private readonly mails: InviteMails,
    private readonly throttle: MailThrottle,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  create(caller: Principal, workspaceId: WorkspaceId, input: CreateInvite): Promise<CreatedInvite> {
    return this.authority.decide(caller, workspaceId, 'invite.create', async (decision) => {
      await this.requireTerms(decision, input);
      const { invite, token } = await this.insert(decision, input, null);
      return { ...presentInvite(invite), token, url: this.urlOf(token) };
    });
  }

  /** One invite per address, which works once; it takes the place of an older one. */
  byEmail(caller: Principal, workspaceId: WorkspaceId, input: InviteByEmail): Promise<EmailInvites> {
    return this.authority.decide(caller, workspaceId, 'invite.create', async (decision) => {
      await this.requireTerms(decision, { ...input, maxUses: 1 });
      const { tx, actor, now } = decision;
      const addresses = input.emails.map((email) => Email.safeParse(email).data ?? null);
      const valid = [...new Set(addresses.filter((address) => address !== null))];
      const members = await this.invites.memberEmails(tx, workspaceId, valid);
      const throttled = await this.throttled(valid.filter((address) => !members.has(address)));
      const strangers = valid.filter((address) => !members.has(address) && !throttled.has(address));
      for (const id of await this.invites.replace(tx, workspaceId, strangers, now))
        await this.existing.announceRevoked(tx, workspaceId, id, actor.userId, now);
      const verdicts: EmailInvites['verdicts'] = [];
      for (const [at, email] of input.emails.entries()) {
        const address = addresses[at];
        if (!address) verdicts.push({ email, verdict: 'invalid', invite: null });
        else if (addresses.indexOf(address) < at)
          verdicts.push({ email, verdict: 'duplicate', invite: null });
        else if (members.has(address)) verdicts.push({ email, verdict: 'already_member', invite: null });
        else if (throttled.has(address)) verdicts.push({ email, verdict: 'throttled', invite: null });
        else {
          const { invite } = await this.insert(decision, { ...input, maxUses: 1 }, address);
          await this.mails.send(tx, invite.id);
          verdicts.push({ email, verdict: 'invited', invite: presentInvite(invite) });
        }
      }
      return { verdicts };
    });
  }

  /** Those of the addresses that were sent enough. */
  private async throttled(addresses: readonly string[]): Promise<Set<string>> {
    const taken = await Promise.allSettled(addresses.map((address) => this.throttle.take('invite', address)));
    return new Set(addresses.filter((_, at) => taken[at]?.status === 'rejected'));
  }

  /** Nobody lets in someone who may what they may not, or into a channel that they are not in themselves. */
  private async requireTerms(
    { tx, workspaceId, actor }: Decision,
    { role, channelIds }: Terms,
  ): Promise<void> {
    const guest = { ...actor, workspaceRole: role, customPermissions: null };
    if (!mayGrant(actor, null, guest)) throw new DomainError('permission.denied');
    const known = new Set(await this.invites.channelsOf(tx, workspaceId, actor.userId, channelIds));
    const errors = channelIds.flatMap((id, at) =>
      known.has(id) ? [] : [{ pointer: `/channelIds/${at}`, detail: 'is no open channel of yours' }],
    );
    if (errors.length > 0) throw new DomainError('channel.not_found', { errors });
  }

  private async insert(
    { tx, workspaceId, actor, now }: Decision,
    { expiresInHours, maxUses, role, channelIds }: Terms,
    email: string | null,
  ): Promise<{ invite: Invite; token: string }> {
    const { token, hash } = newToken();
    const invite: Invite = {
      id: uuidv7() as InviteId,
      workspaceId,
      tokenHash: hash,
      createdBy: actor.userId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + expiresInHours * HOUR_MS),
      maxUses,
      uses: 0,
      role,
      channelIds,
      email,
      revokedAt: null,
    };
    await this.invites.insert(tx, invite);
    const about = { workspaceId, actorId: actor.userId, time: now };
    await this.outbox.append(tx, newEvent('invite.created', about, { invite: presentInvite(invite) }), {
      scope: 'admins',
      id: workspaceId,
    });
    return { invite, token };
  }

  private urlOf(token: string): string {
    return `${this.config.publicUrl}/invite/${token}`;
  }
}

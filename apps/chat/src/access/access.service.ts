import { Injectable } from '@nestjs/common';
import type { ChannelId, MembershipsReply, MembershipsRequest, UserId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessRepository } from './access.repository.js';
import type { ChannelAccess } from './channel-row.js';
import { allows, type Permission, type Standing } from './permission.js';

export type { ChannelAccess, ChannelRow } from './channel-row.js';

/** Whoever asks: the caller of a request, or a person somebody works for. */
export type Asker = Pick<Principal, 'userId'>;

/**
 * The first line of every use case. What the caller may not know exists is "not found": a stranger can't
 * tell a foreign workspace or private channel from none.
 */
@Injectable()
export class AccessService {
  constructor(private readonly access: AccessRepository) {}

  /** How the caller stands in the workspace; throws `workspace.not_found`. */
  async workspace(caller: Asker, workspaceId: WorkspaceId): Promise<Standing> {
    const standing = await this.access.findStanding(workspaceId, caller.userId);
    if (!standing) throw new DomainError('workspace.not_found');
    return standing;
  }

  /** The same, null instead of an error. */
  findStanding(workspaceId: WorkspaceId, userId: UserId): Promise<Standing | null> {
    return this.access.findStanding(workspaceId, userId);
  }

  /** How anyone stands there, as the transaction sees it; null for a stranger. */
  standingIn(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<Standing | null> {
    return this.access.findStandingIn(tx, workspaceId, userId);
  }

  /** Throws `workspace.not_found` or `permission.denied`. */
  async permit(caller: Asker, workspaceId: WorkspaceId, permission: Permission): Promise<Standing> {
    const standing = await this.workspace(caller, workspaceId);
    if (!allows(standing, permission)) throw new DomainError('permission.denied');
    return standing;
  }

  /** A channel the caller may read: joined, or public in a workspace of theirs. Throws `channel.not_found`. */
  async channel(caller: Asker, channelId: ChannelId): Promise<ChannelAccess> {
    const channel = await this.findChannel(caller, channelId);
    if (!channel) throw new DomainError('channel.not_found');
    return channel;
  }

  /** The same, null instead of an error. */
  findChannel(caller: Asker, channelId: ChannelId): Promise<ChannelAccess | null> {
    return this.access.findChannel(channelId, caller.userId);
  }

  /** A channel the caller is a member of. Throws `channel.not_found` or `channel.not_member`. */
  async joinedChannel(caller: Asker, channelId: ChannelId): Promise<ChannelAccess> {
    const channel = await this.channel(caller, channelId);
    if (!channel.channelRole) throw new DomainError('channel.not_member');
    return channel;
  }

  async memberships({ pairs }: MembershipsRequest): Promise<MembershipsReply> {
    return { memberships: await this.access.memberships(pairs) };
  }
}

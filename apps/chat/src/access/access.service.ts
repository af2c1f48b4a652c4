import { Injectable } from '@nestjs/common';
import type { ChannelId, MembershipsReply, MembershipsRequest, WorkspaceId, WorkspaceRole } from '#contracts';
import { DomainError, type Principal } from '#platform';
import { AccessRepository } from './access.repository.js';
import type { ChannelAccess } from './channel-row.js';
import { may, type WorkspaceAction } from './permission.js';

export type { ChannelAccess, ChannelRow } from './channel-row.js';

/**
 * The first line of every use case. What the caller may not know exists is "not found": a stranger can't
 * tell a foreign workspace or private channel from none.
 */
@Injectable()
export class AccessService {
  constructor(private readonly access: AccessRepository) {}

  /** The caller's role; throws `workspace.not_found`. */
  async workspace(caller: Principal, workspaceId: WorkspaceId): Promise<WorkspaceRole> {
    const role = await this.access.findWorkspaceRole(workspaceId, caller.userId);
    if (!role) throw new DomainError('workspace.not_found');
    return role;
  }

  /** Throws `workspace.not_found` or `permission.denied`. */
  async permit(caller: Principal, workspaceId: WorkspaceId, action: WorkspaceAction): Promise<WorkspaceRole> {
    const role = await this.workspace(caller, workspaceId);
    if (!may(role, action)) throw new DomainError('permission.denied');
    return role;
  }

  /** A channel the caller may read: joined, or public in a workspace of theirs. Throws `channel.not_found`. */
  async channel(caller: Principal, channelId: ChannelId): Promise<ChannelAccess> {
    const channel = await this.access.findChannel(channelId, caller.userId);
    if (!channel) throw new DomainError('channel.not_found');
    return channel;
  }

  /** A channel the caller is a member of. Throws `channel.not_found` or `channel.not_member`. */
  async joinedChannel(caller: Principal, channelId: ChannelId): Promise<ChannelAccess> {
    const channel = await this.channel(caller, channelId);
    if (!channel.channelRole) throw new DomainError('channel.not_member');
    return channel;
  }

  async memberships({ pairs }: MembershipsRequest): Promise<MembershipsReply> {
    return { memberships: await this.access.memberships(pairs) };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { API_PREFIX, EVENTS_STREAM, type Bootstrap, type WorkspaceId } from '#contracts';
import { epochOf, type Bus } from '#bus';
import type { Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { AuthService } from '../accounts/auth.service.js';
import { ChannelsService } from '../channels/channels.service.js';
import { BUS } from '../engine/engine.module.js';
import { GroupsService } from '../groups/groups.service.js';
import { MembersService } from '../members/members.service.js';
import { SidebarService } from '../sidebar/sidebar.service.js';
import { WorkspacesService } from '../workspaces/workspaces.service.js';
import { Badges } from './badges.js';

const FIRST_MEMBERS = 50;

/** The state a client starts from. */
@Injectable()
export class BootstrapService {
  constructor(
    private readonly access: AccessService,
    private readonly auth: AuthService,
    private readonly workspaces: WorkspacesService,
    private readonly channels: ChannelsService,
    private readonly sidebar: SidebarService,
    private readonly badges: Badges,
    private readonly members: MembersService,
    private readonly groups: GroupsService,
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  async bootstrap(caller: Principal, workspaceId: WorkspaceId): Promise<Bootstrap> {
    const { userId } = caller;
    // The cursor is taken before the snapshot: what is committed later is in the stream behind it, what was committed
    // earlier is in the snapshot. Some events come both ways; applying them twice changes nothing.
    const [standing, cursor] = await Promise.all([this.access.workspace(caller, workspaceId), this.cursor()]);
    const [workspace, me, channels, sidebar, badges, groupIds, members] = await Promise.all([
      this.workspaces.get(caller, workspaceId),
      this.auth.me(caller),
      this.channels.joined(userId, workspaceId),
      this.sidebar.of(userId, workspaceId),
      this.badges.of(userId, workspaceId),
      this.groups.mine(userId, workspaceId),
      this.members.page(caller, standing, workspaceId, { limit: FIRST_MEMBERS, state: 'active' }),
    ]);
    return {
      me,
      workspace,
      channels,
      sidebar,
      ...badges,
      groupIds,
      members: members.data,
      membersNextCursor: members.nextCursor,
      eventsUrl: `${API_PREFIX}/workspaces/${workspaceId}/events`,
      cursor,
    };
  }

  /** Null while the bus is down: reading goes on without it. */
  private async cursor(): Promise<Bootstrap['cursor']> {
    try {
      const info = await this.bus.jsm.streams.info(EVENTS_STREAM);
      return `${epochOf(info)}-${info.state.last_seq}`;
    } catch {
      return null;
    }
  }
}

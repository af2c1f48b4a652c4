import { Injectable } from '@nestjs/common';
import type {
  AcquaintancesReply,
  AcquaintancesRequest,
  ListMembersQuery,
  Member,
  Page,
  UserId,
  WorkspaceId,
} from '#contracts';
import { Clock, cutPage } from '#core';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows, type Standing } from '../access/permission.js';
import { nameCursor } from '../paging/name-cursor.js';
import { presentMember } from './member.js';
import { MembersListRepository } from './members-list.repository.js';

/** Who is in a workspace, and who was. */
@Injectable()
export class MembersService {
  constructor(
    private readonly access: AccessService,
    private readonly members: MembersListRepository,
    private readonly clock: Clock,
  ) {}

  /** Guests see whom they share a channel with, and of former members nobody. */
  async list(caller: Principal, workspaceId: WorkspaceId, query: ListMembersQuery): Promise<Page<Member>> {
    return this.page(caller, await this.access.workspace(caller, workspaceId), workspaceId, query);
  }

  /** The same for whoever has asked how the caller stands. */
  async page(
    caller: Principal,
    standing: Standing,
    workspaceId: WorkspaceId,
    { limit, cursor, role, state, q }: ListMembersQuery,
  ): Promise<Page<Member>> {
    const everyone = allows(standing, 'member.list');
    if (!everyone && state !== 'active') return { data: [], nextCursor: null };
    const filter = { state, role, prefix: q ?? '', after: nameCursor(cursor), limit: limit + 1 };
    const rows = everyone
      ? await this.members.list(workspaceId, filter)
      : await this.members.listKnownTo(caller.userId, workspaceId, filter);
    const page = cutPage(rows, limit, (row) => [row.nameKey, row.id]);
    return { ...page, data: page.data.map((row) => presentMember(row, this.clock.now())) };
  }

  /** Whom of these somebody may know of, for those who tell of people without asking chat for each. */
  async acquaintances({ workspaceId, userId, others }: AcquaintancesRequest): Promise<AcquaintancesReply> {
    const standing = await this.access.findStanding(workspaceId, userId);
    if (!standing) return { acquaintances: null };
    const byChannels = !allows(standing, 'member.list');
    const userIds = byChannels
      ? await this.members.knownAmong(workspaceId, userId, others)
      : await this.members.among(workspaceId, others);
    return { acquaintances: { byChannels, userIds } };
  }

  async get(caller: Principal, workspaceId: WorkspaceId, userId: UserId): Promise<Member> {
    const standing = await this.access.workspace(caller, workspaceId);
    const row = await this.members.find(workspaceId, userId);
    const known =
      allows(standing, 'member.list') ||
      userId === caller.userId ||
      (row?.state === null && (await this.members.shareChannel(workspaceId, caller.userId, userId)));
    if (!row || !known) throw new DomainError('member.not_found');
    return presentMember(row, this.clock.now());
  }
}

import { Injectable } from '@nestjs/common';
import {
  MAX_GROUP_MEMBERS,
  type CreateGroup,
  type Group,
  type GroupId,
  type GroupMember,
  type GroupsQuery,
  type Page,
  type PageQuery,
  type UpdateGroup,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { Clock, cutPage, uuidv7 } from '#core';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { AuthorityService, type Decision } from '../access/authority.service.js';
import { nameCursor } from '../paging/name-cursor.js';
import { changedGroup, presentGroup, presentGroupMember, type GroupRow } from './group.js';
import { GroupChanges, type GroupChange } from './group-changes.service.js';
import { GroupsRepository } from './groups.repository.js';

/** Groups of people who are mentioned together. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly access: AccessService,
    private readonly authority: AuthorityService,
    private readonly groups: GroupsRepository,
    private readonly changes: GroupChanges,
    private readonly clock: Clock,
  ) {}

  create(caller: Principal, workspaceId: WorkspaceId, input: CreateGroup): Promise<Group> {
    return this.authority.decide(caller, workspaceId, 'group.manage', async (decision) => {
      const { tx, now } = decision;
      const { userIds, ...rest } = input;
      const id = uuidv7() as GroupId;
      const group = { id, workspaceId, ...rest, createdBy: caller.userId, createdAt: now };
      if (!(await this.groups.insert(tx, group))) throw new DomainError('group.handle_taken');
      await this.admit(decision, id, userIds);
      return this.changes.announce(tx, id, about(decision));
    });
  }

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { limit, cursor }: GroupsQuery,
  ): Promise<Page<Group>> {
    await this.access.permit(caller, workspaceId, 'member.list');
    const rows = await this.groups.list(workspaceId, nameCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.handle, row.id]);
    return { ...page, data: page.data.map(presentGroup) };
  }

  /** Those whose mention calls the caller. */
  mine(userId: UserId, workspaceId: WorkspaceId): Promise<GroupId[]> {
    return this.groups.ofPerson(workspaceId, userId);
  }

  update(caller: Principal, workspaceId: WorkspaceId, id: GroupId, input: UpdateGroup): Promise<Group> {
    return this.authority.decide(caller, workspaceId, 'group.manage', async (decision) => {
      const row = await this.find(decision, id);
      const next = changedGroup(row, input);
      if (!next) return presentGroup(row);
      if (await this.groups.isHandleTaken(decision.tx, next)) throw new DomainError('group.handle_taken');
      await this.groups.update(decision.tx, next);
      return this.changes.changed(decision.tx, id, about(decision));
    });
  }

  async delete(caller: Principal, workspaceId: WorkspaceId, id: GroupId): Promise<void> {
    await this.authority.decide(caller, workspaceId, 'group.manage', async (decision) => {
      const { tx } = decision;
      if (!(await this.groups.delete(tx, workspaceId, id))) throw new DomainError('group.not_found');
      await this.changes.deleted(tx, id, about(decision));
    });
  }

  async members(
    caller: Principal,
    workspaceId: WorkspaceId,
    id: GroupId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<GroupMember>> {
    await this.access.permit(caller, workspaceId, 'member.list');
    if (!(await this.groups.exists(workspaceId, id))) throw new DomainError('group.not_found');
    const rows = await this.groups.members(id, nameCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.name, row.id]);
    const now = this.clock.now();
    return { ...page, data: page.data.map((row) => presentGroupMember(row, now)) };
  }

  add(caller: Principal, workspaceId: WorkspaceId, id: GroupId, userIds: readonly UserId[]): Promise<Group> {
    return this.authority.decide(caller, workspaceId, 'group.manage', async (decision) => {
      const row = await this.find(decision, id);
      if ((await this.admit(decision, id, userIds)) === 0) return presentGroup(row);
      return this.changes.changed(decision.tx, id, about(decision));
    });
  }

  async remove(caller: Principal, workspaceId: WorkspaceId, id: GroupId, userId: UserId): Promise<void> {
    await this.authority.decide(caller, workspaceId, 'group.manage', async (decision) => {
      await this.find(decision, id);
      if (!(await this.groups.remove(decision.tx, id, userId))) throw new DomainError('member.not_found');
      await this.changes.changed(decision.tx, id, about(decision));
    });
  }

  private async find({ tx, workspaceId }: Decision, id: GroupId): Promise<GroupRow> {
    const row = await this.groups.find(tx, workspaceId, id);
    if (!row) throw new DomainError('group.not_found');
    return row;
  }

  /** Returns how many were not in it yet. */
  private async admit(
    { tx, workspaceId, now }: Decision,
    id: GroupId,
    userIds: readonly UserId[],
  ): Promise<number> {
    const eligible = await this.groups.eligible(tx, workspaceId, userIds);
    const errors = userIds.flatMap((userId, at) =>
      eligible.has(userId)
        ? []
        : [{ pointer: `/userIds/${at}`, detail: 'is no member of the workspace, or a guest' }],
    );
    if (errors.length > 0) throw new DomainError('member.not_found', { errors });
    const added = await this.groups.add(tx, { id, workspaceId }, userIds, now);
    const row = await this.groups.find(tx, workspaceId, id);
    if ((row?.memberIds.length ?? 0) > MAX_GROUP_MEMBERS) throw new DomainError('group.too_large');
    return added;
  }
}

const about = ({ workspaceId, actor, now }: Decision): GroupChange => ({
  workspaceId,
  actorId: actor.userId,
  time: now,
});

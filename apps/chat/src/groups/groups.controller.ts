import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  AddGroupMembers,
  CreateGroup,
  GroupsQuery,
  PageQuery,
  params,
  routes,
  UpdateGroup,
  type Group,
  type GroupId,
  type GroupMember,
  type Page,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { GroupsService } from './groups.service.js';

type W = { workspaceId: WorkspaceId };
type G = W & { groupId: GroupId };
const one = routes.updateGroup.params;

@Controller('workspaces/:workspaceId/groups')
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  @Post()
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateGroup }) body: CreateGroup,
  ): Promise<Group> {
    return this.groups.create(caller, workspaceId, body);
  }

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: GroupsQuery }) query: GroupsQuery,
  ): Promise<Page<Group>> {
    return this.groups.list(caller, workspaceId, query);
  }

  @Patch(':groupId')
  update(
    @Caller() caller: Principal,
    @Param({ schema: one }) { workspaceId, groupId }: G,
    @Body({ schema: UpdateGroup }) body: UpdateGroup,
  ): Promise<Group> {
    return this.groups.update(caller, workspaceId, groupId, body);
  }

  @Delete(':groupId')
  @HttpCode(204)
  async delete(
    @Caller() caller: Principal,
    @Param({ schema: one }) { workspaceId, groupId }: G,
  ): Promise<void> {
    await this.groups.delete(caller, workspaceId, groupId);
  }

  @Get(':groupId/members')
  members(
    @Caller() caller: Principal,
    @Param({ schema: one }) { workspaceId, groupId }: G,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<GroupMember>> {
    return this.groups.members(caller, workspaceId, groupId, query);
  }

  @Post(':groupId/members')
  @HttpCode(200)
  add(
    @Caller() caller: Principal,
    @Param({ schema: one }) { workspaceId, groupId }: G,
    @Body({ schema: AddGroupMembers }) { userIds }: AddGroupMembers,
  ): Promise<Group> {
    return this.groups.add(caller, workspaceId, groupId, userIds);
  }

  @Delete(':groupId/members/:userId')
  @HttpCode(204)
  async remove(
    @Caller() caller: Principal,
    @Param({ schema: routes.removeGroupMember.params })
    { workspaceId, groupId, userId }: G & { userId: UserId },
  ): Promise<void> {
    await this.groups.remove(caller, workspaceId, groupId, userId);
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  CreateWorkspace,
  PageQuery,
  params,
  type Member,
  type MyWorkspace,
  type Page,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { WorkspaceEntryService } from './workspace-entry.service.js';
import { WorkspacesService } from './workspaces.service.js';

type W = { workspaceId: WorkspaceId };

@Controller('workspaces')
export class WorkspacesController {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly entry: WorkspaceEntryService,
  ) {}

  @Post()
  create(
    @Caller() caller: Principal,
    @Body({ schema: CreateWorkspace }) body: CreateWorkspace,
  ): Promise<MyWorkspace> {
    return this.workspaces.create(caller, body.name);
  }

  @Get()
  async list(@Caller() caller: Principal): Promise<Page<MyWorkspace>> {
    return { data: await this.workspaces.list(caller), nextCursor: null };
  }

  @Get(':workspaceId')
  get(@Caller() caller: Principal, @Param({ schema: params.w }) { workspaceId }: W): Promise<MyWorkspace> {
    return this.workspaces.get(caller, workspaceId);
  }

  @Get(':workspaceId/members')
  members(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<Member>> {
    return this.workspaces.members(caller, workspaceId, query);
  }

  @Delete(':workspaceId/members/:userId')
  @HttpCode(204)
  async removeMember(
    @Caller() caller: Principal,
    @Param({ schema: params.wu }) { workspaceId, userId }: W & { userId: UserId },
  ): Promise<void> {
    await this.entry.leave(caller, workspaceId, userId);
  }
}

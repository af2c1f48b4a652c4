import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  CreateWorkspace,
  DeleteWorkspaceQuery,
  PageQuery,
  params,
  TransferWorkspace,
  UpdateWorkspace,
  type JoinableWorkspace,
  type MyWorkspace,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { MemberRolesService } from '../members/member-roles.service.js';
import { DomainJoiningService } from './domain-joining.service.js';
import { WorkspaceDeletionService } from './workspace-deletion.service.js';
import { WorkspaceSettingsService } from './workspace-settings.service.js';
import { WorkspacesService } from './workspaces.service.js';

type W = { workspaceId: WorkspaceId };

@Controller('workspaces')
export class WorkspacesController {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly settings: WorkspaceSettingsService,
    private readonly deletion: WorkspaceDeletionService,
    private readonly roles: MemberRolesService,
    private readonly joining: DomainJoiningService,
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

  @Get('joinable')
  joinable(
    @Caller() caller: Principal,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<JoinableWorkspace>> {
    return this.joining.list(caller, query);
  }

  @Post(':workspaceId/join')
  @HttpCode(200)
  async join(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
  ): Promise<MyWorkspace> {
    await this.joining.join(caller, workspaceId);
    return this.workspaces.get(caller, workspaceId);
  }

  @Get(':workspaceId')
  async get(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MyWorkspace> {
    const workspace = await this.workspaces.get(caller, workspaceId);
    void reply.header('etag', etag(workspace.version));
    return workspace;
  }

  @Patch(':workspaceId')
  async update(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: UpdateWorkspace }) body: UpdateWorkspace,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MyWorkspace> {
    await this.settings.update(caller, workspaceId, body, ifMatch);
    return this.get(caller, { workspaceId }, reply);
  }

  @Delete(':workspaceId')
  @HttpCode(204)
  delete(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: DeleteWorkspaceQuery }) { name }: DeleteWorkspaceQuery,
  ): Promise<void> {
    return this.deletion.delete(caller, workspaceId, name);
  }

  @Post(':workspaceId/transfer')
  @HttpCode(200)
  async transfer(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: TransferWorkspace }) { userId }: TransferWorkspace,
  ): Promise<MyWorkspace> {
    await this.roles.transfer(caller, workspaceId, userId);
    return this.workspaces.get(caller, workspaceId);
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  CreateRole,
  params,
  UpdateRole,
  type Page,
  type Role,
  type RoleId,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { RolesService } from './roles.service.js';

type W = { workspaceId: WorkspaceId };
type WR = W & { roleId: RoleId };

@Controller('workspaces/:workspaceId/roles')
export class RolesController {
  constructor(private readonly service: RolesService) {}

  @Get()
  async list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
  ): Promise<Page<Role>> {
    return { data: await this.service.list(caller, workspaceId), nextCursor: null };
  }

  @Post()
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateRole }) body: CreateRole,
  ): Promise<Role> {
    return this.service.create(caller, workspaceId, body);
  }

  @Patch(':roleId')
  update(
    @Caller() caller: Principal,
    @Param({ schema: params.wr }) { workspaceId, roleId }: WR,
    @Body({ schema: UpdateRole }) body: UpdateRole,
  ): Promise<Role> {
    return this.service.update(caller, workspaceId, roleId, body);
  }

  @Delete(':roleId')
  @HttpCode(204)
  delete(
    @Caller() caller: Principal,
    @Param({ schema: params.wr }) { workspaceId, roleId }: WR,
  ): Promise<void> {
    return this.service.delete(caller, workspaceId, roleId);
  }
}

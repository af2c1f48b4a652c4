import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  BulkMembers,
  ChangeMember,
  ListMembersQuery,
  params,
  type BulkVerdicts,
  type Member,
  type Page,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { MemberBulkService } from './member-bulk.service.js';
import { MemberDepartureService } from './member-departure.service.js';
import { MemberEntryService } from './member-entry.service.js';
import { MemberRolesService } from './member-roles.service.js';
import { MembersService } from './members.service.js';

type W = { workspaceId: WorkspaceId };
type WU = W & { userId: UserId };

@Controller('workspaces/:workspaceId/members')
export class MembersController {
  constructor(
    private readonly service: MembersService,
    private readonly roles: MemberRolesService,
    private readonly departures: MemberDepartureService,
    private readonly entries: MemberEntryService,
    private readonly bulks: MemberBulkService,
  ) {}

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: ListMembersQuery }) query: ListMembersQuery,
  ): Promise<Page<Member>> {
    return this.service.list(caller, workspaceId, query);
  }

  @Post('bulk')
  @HttpCode(200)
  bulk(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: BulkMembers }) body: BulkMembers,
  ): Promise<BulkVerdicts> {
    return this.bulks.run(caller, workspaceId, body);
  }

  @Get(':userId')
  get(
    @Caller() caller: Principal,
    @Param({ schema: params.wu }) { workspaceId, userId }: WU,
  ): Promise<Member> {
    return this.service.get(caller, workspaceId, userId);
  }

  @Patch(':userId')
  change(
    @Caller() caller: Principal,
    @Param({ schema: params.wu }) { workspaceId, userId }: WU,
    @Body({ schema: ChangeMember }) body: ChangeMember,
  ): Promise<Member> {
    return this.roles.change(caller, workspaceId, userId, body);
  }

  @Post(':userId/deactivate')
  @HttpCode(200)
  deactivate(
    @Caller() caller: Principal,
    @Param({ schema: params.wu }) { workspaceId, userId }: WU,
  ): Promise<Member> {
    return this.departures.deactivate(caller, workspaceId, userId);
  }

  @Post(':userId/reactivate')
  @HttpCode(200)
  reactivate(
    @Caller() caller: Principal,
    @Param({ schema: params.wu }) { workspaceId, userId }: WU,
  ): Promise<Member> {
    return this.entries.reactivate(caller, workspaceId, userId);
  }

  @Delete(':userId')
  @HttpCode(204)
  async remove(
    @Caller() caller: Principal,
    @Param({ schema: params.wu }) { workspaceId, userId }: WU,
  ): Promise<void> {
    await this.departures.remove(caller, workspaceId, userId);
  }
}

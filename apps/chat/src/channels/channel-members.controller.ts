import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  AddChannelMember,
  AddChannelMembers,
  PageQuery,
  params,
  UpdateChannelMember,
  type ChannelId,
  type ChannelMember,
  type MyChannel,
  type Page,
  type UserId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { ChannelMembersService } from './channel-members.service.js';
import { ChannelRolesService } from './channel-roles.service.js';
import { ChannelsService } from './channels.service.js';

type C = { channelId: ChannelId };
type CU = C & { userId: UserId };

@Controller('channels/:channelId')
export class ChannelMembersController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly members: ChannelMembersService,
    private readonly roles: ChannelRolesService,
  ) {}

  @Post('join')
  @HttpCode(200)
  async join(@Caller() caller: Principal, @Param({ schema: params.c }) { channelId }: C): Promise<MyChannel> {
    await this.members.join(caller, channelId);
    return this.channels.mine(caller, channelId);
  }

  @Get('members')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<ChannelMember>> {
    return this.members.list(caller, channelId, query);
  }

  @Post('members')
  async add(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: AddChannelMember }) body: AddChannelMember,
  ): Promise<ChannelMember> {
    const [member] = await this.members.add(caller, channelId, [body.userId]);
    return member as ChannelMember;
  }

  @Post('members/batch')
  @HttpCode(200)
  async addSeveral(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: AddChannelMembers }) body: AddChannelMembers,
  ): Promise<Page<ChannelMember>> {
    return { data: await this.members.add(caller, channelId, body.userIds), nextCursor: null };
  }

  @Patch('members/:userId')
  setRole(
    @Caller() caller: Principal,
    @Param({ schema: params.cu }) { channelId, userId }: CU,
    @Body({ schema: UpdateChannelMember }) body: UpdateChannelMember,
  ): Promise<ChannelMember> {
    return this.roles.setRole(caller, channelId, userId, body.role);
  }

  @Delete('members/:userId')
  @HttpCode(204)
  async remove(
    @Caller() caller: Principal,
    @Param({ schema: params.cu }) { channelId, userId }: CU,
  ): Promise<void> {
    await this.roles.remove(caller, channelId, userId);
  }
}

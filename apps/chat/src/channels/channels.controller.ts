import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  AddChannelMember,
  CreateChannel,
  OpenDirect,
  PageQuery,
  params,
  type ChannelId,
  type ChannelMember,
  type ListedChannel,
  type MyChannel,
  type Page,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { ChannelMembersService } from './channel-members.service.js';
import { ChannelsService } from './channels.service.js';

type W = { workspaceId: WorkspaceId };
type C = { channelId: ChannelId };

@Controller()
export class ChannelsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly members: ChannelMembersService,
  ) {}

  @Post('workspaces/:workspaceId/channels')
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateChannel }) body: CreateChannel,
  ): Promise<MyChannel> {
    return this.channels.create(caller, workspaceId, body);
  }

  @Get('workspaces/:workspaceId/channels')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<ListedChannel>> {
    return this.channels.list(caller, workspaceId, query);
  }

  @Post('workspaces/:workspaceId/dms')
  @HttpCode(200)
  openDirect(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: OpenDirect }) body: OpenDirect,
  ): Promise<MyChannel> {
    return this.channels.openDirect(caller, workspaceId, body.userIds);
  }

  @Get('channels/:channelId')
  get(@Caller() caller: Principal, @Param({ schema: params.c }) { channelId }: C): Promise<ListedChannel> {
    return this.channels.get(caller, channelId);
  }

  @Post('channels/:channelId/join')
  @HttpCode(200)
  join(@Caller() caller: Principal, @Param({ schema: params.c }) { channelId }: C): Promise<MyChannel> {
    return this.members.join(caller, channelId);
  }

  @Get('channels/:channelId/members')
  listMembers(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<ChannelMember>> {
    return this.members.list(caller, channelId, query);
  }

  @Post('channels/:channelId/members')
  addMember(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: AddChannelMember }) body: AddChannelMember,
  ): Promise<ChannelMember> {
    return this.members.add(caller, channelId, body.userId);
  }

  @Delete('channels/:channelId/members/:userId')
  @HttpCode(204)
  async removeMember(
    @Caller() caller: Principal,
    @Param({ schema: params.cu }) { channelId, userId }: C & { userId: UserId },
  ): Promise<void> {
    await this.members.remove(caller, channelId, userId);
  }
}

import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  CreateChannel,
  params,
  UpdateChannel,
  type Channel,
  type ChannelId,
  type MyChannel,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { ChannelDeletionService } from './channel-deletion.service.js';
import { ChannelSettingsService } from './channel-settings.service.js';
import { ChannelsService } from './channels.service.js';

type W = { workspaceId: WorkspaceId };
type C = { channelId: ChannelId };

@Controller()
export class ChannelsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly settings: ChannelSettingsService,
    private readonly deletion: ChannelDeletionService,
  ) {}

  @Post('workspaces/:workspaceId/channels')
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateChannel }) body: CreateChannel,
  ): Promise<MyChannel> {
    return this.channels.create(caller, workspaceId, body);
  }

  @Patch('channels/:channelId')
  async update(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: UpdateChannel }) body: UpdateChannel,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Channel> {
    const channel = await this.settings.update(caller, channelId, body, request.headers['if-match']);
    void reply.header('etag', etag(channel.version));
    return channel;
  }

  @Delete('channels/:channelId')
  @HttpCode(204)
  async delete(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.deletion.delete(caller, channelId, request.headers['if-match']);
  }

  @Post('channels/:channelId/archive')
  @HttpCode(200)
  archive(@Caller() caller: Principal, @Param({ schema: params.c }) { channelId }: C): Promise<Channel> {
    return this.settings.setArchived(caller, channelId, true);
  }

  @Post('channels/:channelId/unarchive')
  @HttpCode(200)
  unarchive(@Caller() caller: Principal, @Param({ schema: params.c }) { channelId }: C): Promise<Channel> {
    return this.settings.setArchived(caller, channelId, false);
  }
}

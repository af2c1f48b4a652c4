import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  BrowseChannels,
  params,
  type ChannelId,
  type ListedChannel,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { ChannelDirectoryService } from './channel-directory.service.js';

@Controller()
export class ChannelDirectoryController {
  constructor(private readonly directory: ChannelDirectoryService) {}

  @Get('workspaces/:workspaceId/channels')
  browse(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: WorkspaceId },
    @Query({ schema: BrowseChannels }) query: BrowseChannels,
  ): Promise<Page<ListedChannel>> {
    return this.directory.browse(caller, workspaceId, query);
  }

  @Get('channels/:channelId')
  async get(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: { channelId: ChannelId },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListedChannel> {
    const listed = await this.directory.get(caller, channelId);
    void reply.header('etag', etag(listed.channel.version));
    return listed;
  }
}

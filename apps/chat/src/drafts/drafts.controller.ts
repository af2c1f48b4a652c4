import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  DraftQuery,
  PageQuery,
  params,
  PutDraft,
  type ChannelId,
  type Draft,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { DraftsService } from './drafts.service.js';

type W = { workspaceId: WorkspaceId };
type C = { channelId: ChannelId };

@Controller()
export class DraftsController {
  constructor(private readonly drafts: DraftsService) {}

  @Put('channels/:channelId/draft')
  async put(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Query({ schema: DraftQuery }) { threadId }: DraftQuery,
    @Body({ schema: PutDraft }) { text }: PutDraft,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Draft> {
    const draft = await this.drafts.put(caller, channelId, threadId ?? null, text, headers['if-match']);
    void reply.header('etag', etag(draft.version));
    return draft;
  }

  @Delete('channels/:channelId/draft')
  @HttpCode(204)
  async delete(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Query({ schema: DraftQuery }) { threadId }: DraftQuery,
  ): Promise<void> {
    await this.drafts.delete(caller, channelId, threadId ?? null);
  }

  @Get('workspaces/:workspaceId/drafts')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<Draft>> {
    return this.drafts.list(caller, workspaceId, query);
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
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
import { Caller, type Principal } from '#platform';
import { DraftsService } from './drafts.service.js';

type W = { workspaceId: WorkspaceId };
type C = { channelId: ChannelId };

@Controller()
export class DraftsController {
  constructor(private readonly drafts: DraftsService) {}

  @Put('channels/:channelId/draft')
  put(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Query({ schema: DraftQuery }) { threadId }: DraftQuery,
    @Body({ schema: PutDraft }) { text }: PutDraft,
  ): Promise<Draft> {
    return this.drafts.put(caller, channelId, threadId ?? null, text);
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

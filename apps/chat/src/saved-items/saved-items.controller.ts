import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import {
  params,
  SavedItemsQuery,
  SaveMessage,
  type ListedSavedItem,
  type MessageId,
  type Page,
  type SavedItem,
  type WorkspaceId,
} from '#contracts';
import { Clock } from '#core';
import { Caller, type Principal } from '#platform';
import { SavedItemsService } from './saved-items.service.js';

type M = { messageId: MessageId };

@Controller()
export class SavedItemsController {
  constructor(
    private readonly items: SavedItemsService,
    private readonly clock: Clock,
  ) {}

  @Put('messages/:messageId/saved')
  save(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Body({ schema: SaveMessage }) { done }: SaveMessage,
  ): Promise<SavedItem> {
    return this.items.save(caller, messageId, done, this.clock.now());
  }

  @Delete('messages/:messageId/saved')
  @HttpCode(204)
  async remove(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<void> {
    await this.items.remove(caller, messageId, this.clock.now());
  }

  @Get('workspaces/:workspaceId/saved')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: WorkspaceId },
    @Query({ schema: SavedItemsQuery }) query: SavedItemsQuery,
  ): Promise<Page<ListedSavedItem>> {
    return this.items.list(caller, workspaceId, query);
  }
}

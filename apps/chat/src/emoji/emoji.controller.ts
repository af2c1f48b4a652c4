import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  CreateEmoji,
  PageQuery,
  params,
  RenameEmoji,
  routes,
  type CustomEmoji,
  type EmojiId,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { EmojiService } from './emoji.service.js';

type W = { workspaceId: WorkspaceId };
type E = W & { emojiId: EmojiId };
const one = routes.renameEmoji.params;

@Controller('workspaces/:workspaceId/emoji')
export class EmojiController {
  constructor(private readonly emoji: EmojiService) {}

  @Post()
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateEmoji }) body: CreateEmoji,
  ): Promise<CustomEmoji> {
    return this.emoji.create(caller, workspaceId, body);
  }

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<CustomEmoji>> {
    return this.emoji.list(caller, workspaceId, query);
  }

  @Patch(':emojiId')
  rename(
    @Caller() caller: Principal,
    @Param({ schema: one }) { workspaceId, emojiId }: E,
    @Body({ schema: RenameEmoji }) { name }: RenameEmoji,
  ): Promise<CustomEmoji> {
    return this.emoji.rename(caller, workspaceId, emojiId, name);
  }

  @Delete(':emojiId')
  @HttpCode(204)
  async delete(
    @Caller() caller: Principal,
    @Param({ schema: one }) { workspaceId, emojiId }: E,
  ): Promise<void> {
    await this.emoji.delete(caller, workspaceId, emojiId);
  }
}

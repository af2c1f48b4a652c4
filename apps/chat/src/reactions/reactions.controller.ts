import { Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import {
  params,
  ReactorsQuery,
  routes,
  type EmojiKey,
  type Message,
  type MessageId,
  type ReactorPage,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { ReactionsService } from './reactions.service.js';

type M = { messageId: MessageId };
type R = M & { emoji: EmojiKey };
const one = routes.addReaction.params;

@Controller('messages/:messageId/reactions')
export class ReactionsController {
  constructor(private readonly reactions: ReactionsService) {}

  @Put(':emoji')
  add(@Caller() caller: Principal, @Param({ schema: one }) { messageId, emoji }: R): Promise<Message> {
    return this.reactions.add(caller, messageId, emoji);
  }

  @Delete(':emoji')
  @HttpCode(204)
  async remove(@Caller() caller: Principal, @Param({ schema: one }) { messageId, emoji }: R): Promise<void> {
    await this.reactions.remove(caller, messageId, emoji);
  }

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Query({ schema: ReactorsQuery }) query: ReactorsQuery,
  ): Promise<ReactorPage> {
    return this.reactions.list(caller, messageId, query);
  }
}

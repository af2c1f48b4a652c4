import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  EditMessage,
  HistoryQuery,
  params,
  SendMessage,
  type ChannelId,
  type Message,
  type MessageId,
  type MessagePage,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { MessagesService } from './messages.service.js';

type C = { channelId: ChannelId };
type M = { messageId: MessageId };

@Controller()
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post('channels/:channelId/messages')
  @Header('content-type', 'application/json; charset=utf-8')
  async send(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: SendMessage }) body: SendMessage,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { json, created } = await this.messages.send(caller, channelId, body);
    if (!created) void reply.status(200);
    return json;
  }

  @Get('channels/:channelId/messages')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Query({ schema: HistoryQuery }) query: HistoryQuery,
  ): Promise<MessagePage> {
    return this.messages.page(caller, channelId, query);
  }

  @Get('messages/:messageId')
  get(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<Message> {
    return this.messages.get(caller, messageId);
  }

  @Patch('messages/:messageId')
  edit(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Body({ schema: EditMessage }) body: EditMessage,
  ): Promise<Message> {
    return this.messages.edit(caller, messageId, body);
  }

  @Delete('messages/:messageId')
  @HttpCode(204)
  async delete(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<void> {
    await this.messages.delete(caller, messageId);
  }
}

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
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  EditMessage,
  HistoryQuery,
  params,
  SendMessage,
  type ChannelId,
  type Message,
  type MessageId,
  type MessagePage,
  type Page,
  type Wording,
} from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { MessageChanges } from './message-changes.service.js';
import { MessagesService } from './messages.service.js';

type C = { channelId: ChannelId };
type M = { messageId: MessageId };

@Controller()
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly changes: MessageChanges,
  ) {}

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
  async get(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    const message = await this.messages.get(caller, messageId);
    void reply.header('etag', etag(message.version));
    return message;
  }

  @Get('messages/:messageId/thread')
  replies(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Query({ schema: HistoryQuery }) query: HistoryQuery,
  ): Promise<MessagePage> {
    return this.messages.replies(caller, messageId, query);
  }

  @Get('messages/:messageId/history')
  async history(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
  ): Promise<Page<Wording>> {
    return { data: await this.changes.history(caller, messageId), nextCursor: null };
  }

  @Patch('messages/:messageId')
  async edit(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Body({ schema: EditMessage }) body: EditMessage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    const message = await this.changes.edit(caller, messageId, body, request.headers['if-match']);
    void reply.header('etag', etag(message.version));
    return message;
  }

  @Delete('messages/:messageId')
  @HttpCode(204)
  async delete(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<void> {
    await this.changes.delete(caller, messageId);
  }
}

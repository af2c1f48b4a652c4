import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  PageQuery,
  params,
  RescheduleMessage,
  ScheduledMessageParams,
  ScheduleMessage,
  type Message,
  type Page,
  type ScheduledMessage,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { ScheduledMessagesService } from './scheduled-messages.service.js';
import { ScheduledSender } from './scheduled-sender.js';

type W = { workspaceId: WorkspaceId };

@Controller('workspaces/:workspaceId/scheduled-messages')
export class ScheduledMessagesController {
  constructor(
    private readonly scheduled: ScheduledMessagesService,
    private readonly sender: ScheduledSender,
  ) {}

  @Post()
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: ScheduleMessage }) body: ScheduleMessage,
  ): Promise<ScheduledMessage> {
    return this.scheduled.create(caller, workspaceId, body);
  }

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<ScheduledMessage>> {
    return this.scheduled.list(caller, workspaceId, query);
  }

  @Get(':scheduledMessageId')
  get(
    @Caller() caller: Principal,
    @Param({ schema: ScheduledMessageParams }) { workspaceId, scheduledMessageId }: ScheduledMessageParams,
  ): Promise<ScheduledMessage> {
    return this.scheduled.get(caller, workspaceId, scheduledMessageId);
  }

  @Patch(':scheduledMessageId')
  async change(
    @Caller() caller: Principal,
    @Param({ schema: ScheduledMessageParams }) { workspaceId, scheduledMessageId }: ScheduledMessageParams,
    @Body({ schema: RescheduleMessage }) body: RescheduleMessage,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduledMessage> {
    const changed = await this.scheduled.change(
      caller,
      workspaceId,
      scheduledMessageId,
      body,
      headers['if-match'],
    );
    void reply.header('etag', etag(changed.version));
    return changed;
  }

  @Delete(':scheduledMessageId')
  @HttpCode(204)
  async cancel(
    @Caller() caller: Principal,
    @Param({ schema: ScheduledMessageParams }) { workspaceId, scheduledMessageId }: ScheduledMessageParams,
  ): Promise<void> {
    await this.scheduled.cancel(caller, workspaceId, scheduledMessageId);
  }

  @Post(':scheduledMessageId/send-now')
  @HttpCode(200)
  sendNow(
    @Caller() caller: Principal,
    @Param({ schema: ScheduledMessageParams }) { workspaceId, scheduledMessageId }: ScheduledMessageParams,
  ): Promise<Message> {
    return this.sender.sendNow(caller, workspaceId, scheduledMessageId);
  }
}

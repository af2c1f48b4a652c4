import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ChangeReminder,
  CreateReminder,
  params,
  ReminderParams,
  RemindersQuery,
  SnoozeReminder,
  type Page,
  type Reminder,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { RemindersService } from './reminders.service.js';

type W = { workspaceId: WorkspaceId };

@Controller('workspaces/:workspaceId/reminders')
export class RemindersController {
  constructor(private readonly reminders: RemindersService) {}

  @Post()
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateReminder }) body: CreateReminder,
  ): Promise<Reminder> {
    return this.reminders.create(caller, workspaceId, body);
  }

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: RemindersQuery }) query: RemindersQuery,
  ): Promise<Page<Reminder>> {
    return this.reminders.list(caller, workspaceId, query);
  }

  @Patch(':reminderId')
  async change(
    @Caller() caller: Principal,
    @Param({ schema: ReminderParams }) { workspaceId, reminderId }: ReminderParams,
    @Body({ schema: ChangeReminder }) body: ChangeReminder,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reminder> {
    const changed = await this.reminders.change(caller, workspaceId, reminderId, body, headers['if-match']);
    void reply.header('etag', etag(changed.version));
    return changed;
  }

  @Post(':reminderId/snooze')
  @HttpCode(200)
  snooze(
    @Caller() caller: Principal,
    @Param({ schema: ReminderParams }) { workspaceId, reminderId }: ReminderParams,
    @Body({ schema: SnoozeReminder }) { until }: SnoozeReminder,
  ): Promise<Reminder> {
    return this.reminders.snooze(caller, workspaceId, reminderId, new Date(until));
  }

  @Post(':reminderId/complete')
  @HttpCode(200)
  complete(
    @Caller() caller: Principal,
    @Param({ schema: ReminderParams }) { workspaceId, reminderId }: ReminderParams,
  ): Promise<Reminder> {
    return this.reminders.complete(caller, workspaceId, reminderId);
  }

  @Delete(':reminderId')
  @HttpCode(204)
  async delete(
    @Caller() caller: Principal,
    @Param({ schema: ReminderParams }) { workspaceId, reminderId }: ReminderParams,
  ): Promise<void> {
    await this.reminders.delete(caller, workspaceId, reminderId);
  }
}

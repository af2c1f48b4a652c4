import { z } from 'zod';
import { ScheduledMessageId, WorkspaceId } from '../ids.js';
import { Message } from '../http/messages.js';
import * as scheduled from '../http/scheduled-messages.js';
import { PageQuery, pageOf } from '../page.js';
import { inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const ScheduledMessageParams = z.strictObject({
  workspaceId: WorkspaceId,
  scheduledMessageId: ScheduledMessageId,
});
export type ScheduledMessageParams = z.infer<typeof ScheduledMessageParams>;

export const scheduledMessagesRoutes = {
  scheduleMessage: {
    method: 'POST',
    path: '/workspaces/:workspaceId/scheduled-messages',
    service: 'chat',
    tag: 'scheduled-messages',
    summary: 'Send a message later, once or again and again; whether I may send it then is decided then',
    access: inWorkspace,
    params: params.w,
    body: scheduled.ScheduleMessage,
    status: 201,
    response: scheduled.ScheduledMessage,
    errors: [
      'workspace.not_found',
      'channel.not_found',
      'channel.not_member',
      'channel.archived',
      'thread.not_found',
      'message.too_many_mentions',
      'scheduled_message.too_many',
    ],
  },
  listScheduledMessages: {
    method: 'GET',
    path: '/workspaces/:workspaceId/scheduled-messages',
    service: 'chat',
    tag: 'scheduled-messages',
    summary: 'My scheduled messages, the next one first',
    access: inWorkspace,
    params: params.w,
    query: PageQuery,
    status: 200,
    response: pageOf(scheduled.ScheduledMessage),
    errors: ['workspace.not_found'],
  },
  getScheduledMessage: {
    method: 'GET',
    path: '/workspaces/:workspaceId/scheduled-messages/:scheduledMessageId',
    service: 'chat',
    tag: 'scheduled-messages',
    summary: 'One of my scheduled messages',
    access: inWorkspace,
    params: ScheduledMessageParams,
    status: 200,
    response: scheduled.ScheduledMessage,
    errors: ['workspace.not_found', 'scheduled_message.not_found'],
  },
  rescheduleMessage: {
    method: 'PATCH',
    path: '/workspaces/:workspaceId/scheduled-messages/:scheduledMessageId',
    service: 'chat',
    tag: 'scheduled-messages',
    summary: 'Change its text, time or recurrence; with If-Match only if nobody else did meanwhile',
    access: inWorkspace,
    params: ScheduledMessageParams,
    body: scheduled.RescheduleMessage,
    status: 200,
    response: scheduled.ScheduledMessage,
    errors: [
      'workspace.not_found',
      'scheduled_message.not_found',
      'scheduled_message.sending',
      'message.too_many_mentions',
      'precondition.failed',
    ],
  },
  cancelScheduledMessage: {
    method: 'DELETE',
    path: '/workspaces/:workspaceId/scheduled-messages/:scheduledMessageId',
    service: 'chat',
    tag: 'scheduled-messages',
    summary: 'Do not send it (again)',
    access: inWorkspace,
    params: ScheduledMessageParams,
    status: 204,
    errors: ['workspace.not_found', 'scheduled_message.not_found', 'scheduled_message.sending'],
  },
  sendScheduledMessageNow: {
    method: 'POST',
    path: '/workspaces/:workspaceId/scheduled-messages/:scheduledMessageId/send-now',
    service: 'chat',
    tag: 'scheduled-messages',
    summary: 'Send it now instead of at its next time',
    access: inWorkspace,
    params: ScheduledMessageParams,
    status: 200,
    response: Message,
    errors: [
      'workspace.not_found',
      'scheduled_message.not_found',
      'channel.not_found',
      'channel.not_member',
      'channel.archived',
      'channel.read_only',
      'permission.denied',
      'thread.not_found',
      'message.slow_mode',
      'message.too_many_mentions',
      'overloaded',
    ],
  },
} as const satisfies Record<string, Route>;

import { z } from 'zod';
import { ReminderId, WorkspaceId } from '../ids.js';
import * as reminders from '../http/reminders.js';
import { pageOf } from '../page.js';
import { inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const ReminderParams = z.strictObject({ workspaceId: WorkspaceId, reminderId: ReminderId });
export type ReminderParams = z.infer<typeof ReminderParams>;

export const remindersRoutes = {
  createReminder: {
    method: 'POST',
    path: '/workspaces/:workspaceId/reminders',
    service: 'chat',
    tag: 'reminders',
    summary: 'Remind me of a message, or of what I say, once or again and again',
    access: inWorkspace,
    params: params.w,
    body: reminders.CreateReminder,
    status: 201,
    response: reminders.Reminder,
    errors: ['workspace.not_found', 'message.not_found', 'reminder.too_many'],
  },
  listReminders: {
    method: 'GET',
    path: '/workspaces/:workspaceId/reminders',
    service: 'chat',
    tag: 'reminders',
    summary: 'My reminders that are open or completed, the earliest first',
    access: inWorkspace,
    params: params.w,
    query: reminders.RemindersQuery,
    status: 200,
    response: pageOf(reminders.Reminder),
    errors: ['workspace.not_found'],
  },
  changeReminder: {
    method: 'PATCH',
    path: '/workspaces/:workspaceId/reminders/:reminderId',
    service: 'chat',
    tag: 'reminders',
    summary: 'Change its words, time or recurrence; with If-Match only if nobody else did meanwhile',
    access: inWorkspace,
    params: ReminderParams,
    body: reminders.ChangeReminder,
    status: 200,
    response: reminders.Reminder,
    errors: ['workspace.not_found', 'reminder.not_found', 'precondition.failed'],
  },
  snoozeReminder: {
    method: 'POST',
    path: '/workspaces/:workspaceId/reminders/:reminderId/snooze',
    service: 'chat',
    tag: 'reminders',
    summary: 'Remind me later; what recurs goes on as it was',
    access: inWorkspace,
    params: ReminderParams,
    body: reminders.SnoozeReminder,
    status: 200,
    response: reminders.Reminder,
    errors: ['workspace.not_found', 'reminder.not_found'],
  },
  completeReminder: {
    method: 'POST',
    path: '/workspaces/:workspaceId/reminders/:reminderId/complete',
    service: 'chat',
    tag: 'reminders',
    summary: 'Done; what recurs waits for its next time',
    access: inWorkspace,
    params: ReminderParams,
    status: 200,
    response: reminders.Reminder,
    errors: ['workspace.not_found', 'reminder.not_found'],
  },
  deleteReminder: {
    method: 'DELETE',
    path: '/workspaces/:workspaceId/reminders/:reminderId',
    service: 'chat',
    tag: 'reminders',
    summary: 'Delete a reminder',
    access: inWorkspace,
    params: ReminderParams,
    status: 204,
    errors: ['workspace.not_found', 'reminder.not_found'],
  },
} as const satisfies Record<string, Route>;

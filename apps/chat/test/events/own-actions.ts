import type { OperationId } from '#contracts';
import type { Action } from './action.js';
import type { World } from './world.js';

const HOUR = 3_600_000;
const soon = (hours = 2) => new Date(Date.now() + hours * HOUR).toISOString();
const schedule = (w: World) =>
  w.do(w.bob, 'POST /W/scheduled-messages', { channelId: w.channelId, text: 'later', sendAt: soon() });
const remind = (w: World) => w.do(w.gus, 'POST /W/reminders', { text: 'tea', remindAt: soon() });

export const ownActions: Partial<Record<OperationId, Action>> = {
  putDraft: async (w) => () => w.do(w.gus, 'PUT /C/draft', { text: 'I was going to sa' }),
  deleteDraft: async (w) => {
    await w.do(w.bob, 'PUT /C/draft', { text: 'never mind' });
    return () => w.do(w.bob, 'DELETE /C/draft');
  },
  saveMessage: async (w) => {
    const { id } = await w.say(w.ada, 'keep this');
    return () => w.do(w.gus, `PUT /messages/${id}/saved`, { done: false });
  },
  unsaveMessage: async (w) => {
    const { id } = await w.say(w.ada, 'not this');
    await w.do(w.bob, `PUT /messages/${id}/saved`, { done: true });
    return () => w.do(w.bob, `DELETE /messages/${id}/saved`);
  },
  scheduleMessage: async (w) => () => schedule(w),
  rescheduleMessage: async (w) => {
    const { id } = await schedule(w);
    return () => w.do(w.bob, `PATCH /W/scheduled-messages/${id}`, { sendAt: soon(5) });
  },
  cancelScheduledMessage: async (w) => {
    const { id } = await schedule(w);
    return () => w.do(w.bob, `DELETE /W/scheduled-messages/${id}`);
  },
  sendScheduledMessageNow: async (w) => {
    const { id } = await schedule(w);
    return () => w.do(w.bob, `POST /W/scheduled-messages/${id}/send-now`);
  },
  createReminder: async (w) => () => remind(w),
  changeReminder: async (w) => {
    const { id } = await remind(w);
    return () => w.do(w.gus, `PATCH /W/reminders/${id}`, { remindAt: soon(4) });
  },
  snoozeReminder: async (w) => {
    const { id } = await remind(w);
    return () => w.do(w.gus, `POST /W/reminders/${id}/snooze`, { until: soon(3) });
  },
  completeReminder: async (w) => {
    const { id } = await remind(w);
    return () => w.do(w.gus, `POST /W/reminders/${id}/complete`);
  },
  deleteReminder: async (w) => {
    const { id } = await remind(w);
    return () => w.do(w.gus, `DELETE /W/reminders/${id}`);
  },
};

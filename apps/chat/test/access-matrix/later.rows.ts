import type { CallerKind, Reminder, ScheduledMessage } from '#contracts';
import type { Rows } from './row.js';
import type { World } from './world.js';

const workspace = ({ w }: World) => ({ params: { workspaceId: w } });
const room = ({ c }: World) => ({ params: { channelId: c } });
const DAY = 86_400_000;
const tomorrow = () => new Date(Date.now() + DAY).toISOString();
const later = ({ c }: World) => ({ channelId: c, text: 'Good morning', sendAt: tomorrow() });

const scheduled = async (world: World, caller: CallerKind) => {
  const route = `POST /workspaces/${world.w}/scheduled-messages`;
  const { id } = await world.do<ScheduledMessage>(world.insider(caller), route, later(world));
  return { params: { workspaceId: world.w, scheduledMessageId: id } };
};
const reminder = async (world: World, caller: CallerKind) => {
  const body = { text: 'Water the plants', remindAt: tomorrow() };
  const route = `POST /workspaces/${world.w}/reminders`;
  const { id } = await world.do<Reminder>(world.insider(caller), route, body);
  return { params: { workspaceId: world.w, reminderId: id } };
};

export const laterRows = {
  putDraft: (world) => ({ ...room(world), body: { text: 'Half a thou' } }),
  deleteDraft: async (world, caller) => {
    await world.do(world.insider(caller), `PUT /channels/${world.c}/draft`, { text: 'Half a thou' });
    return room(world);
  },
  listDrafts: workspace,

  scheduleMessage: (world) => ({ ...workspace(world), body: later(world) }),
  listScheduledMessages: workspace,
  getScheduledMessage: scheduled,
  rescheduleMessage: async (world, caller) => ({
    ...(await scheduled(world, caller)),
    body: { text: 'Good evening' },
  }),
  cancelScheduledMessage: scheduled,
  sendScheduledMessageNow: scheduled,

  createReminder: (world) => ({
    ...workspace(world),
    body: { text: 'Water the plants', remindAt: tomorrow() },
  }),
  listReminders: workspace,
  changeReminder: async (world, caller) => ({
    ...(await reminder(world, caller)),
    body: { remindAt: tomorrow() },
  }),
  snoozeReminder: async (world, caller) => ({
    ...(await reminder(world, caller)),
    body: { until: tomorrow() },
  }),
  completeReminder: reminder,
  deleteReminder: reminder,
} satisfies Partial<Rows>;

import type { EventType } from '#contracts';
import type { Handlers } from './handlers.js';
import { drop, groupIdsOf, keep, put, putNewer, type View } from './view.js';

const unchanged = (view: View): View => view;

export const accountEvents = {
  'me.updated': (view, { data: { me } }) =>
    (view.me.version ?? 0) > (me.version ?? 0) ? view : { ...view, me },
  'user.updated': (view, { data: { user } }) => {
    const member = view.members[user.id];
    if (!member || (member.user.version ?? 0) > (user.version ?? 0)) return view;
    return { ...view, members: put(view.members, user.id, { ...member, user }) };
  },
  'preferences.updated': (view, { data: { preferences } }) =>
    view.preferences.version > preferences.version ? view : { ...view, preferences },
  'workspace.updated': (view, { data: { workspace } }) =>
    view.workspace.version > workspace.version
      ? view
      : { ...view, workspace: { ...view.workspace, ...workspace } },
  'workspace.deleted': (view) => ({ ...view, ended: true }),
  'roles.updated': (view, { data: { roles } }) => ({ ...view, roles }),
  'member.role_changed': (view, { data: { userId, role, customRoleId } }) => {
    const member = view.members[userId];
    const stale = view.stale || userId === view.me.id;
    if (!member) return { ...view, stale };
    const { customRoleId: _, ...rest } = member;
    const changed = { ...rest, role, ...(customRoleId ? { customRoleId } : {}) };
    return { ...view, stale, members: put(view.members, userId, changed) };
  },
  'invite.created': (view, { data: { invite } }) => ({
    ...view,
    invites: put(view.invites, invite.id, invite),
  }),
  'invite.used': (view, { data: { invite } }) => ({
    ...view,
    invites:
      invite.maxUses !== null && invite.uses >= invite.maxUses
        ? drop(view.invites, invite.id)
        : put(view.invites, invite.id, invite),
  }),
  'invite.revoked': (view, { data }) => ({ ...view, invites: drop(view.invites, data.inviteId) }),
  // What called the group before now calls me, or doesn't any more.
  'group.updated': (view, { data: { group } }) => {
    const groups = putNewer(view.groups, group.id, group);
    const mine = (all: View['groups']) => groupIdsOf({ me: view.me, groups: all }).includes(group.id);
    return { ...view, groups, stale: view.stale || mine(groups) !== mine(view.groups) };
  },
  'group.deleted': (view, { data }) => ({
    ...view,
    groups: drop(view.groups, data.groupId),
    stale: view.stale || groupIdsOf(view).includes(data.groupId),
  }),
  'emoji.updated': (view, { data: { emoji } }) => ({ ...view, emoji: putNewer(view.emoji, emoji.id, emoji) }),
  'emoji.deleted': (view, { data }) => ({ ...view, emoji: drop(view.emoji, data.emojiId) }),
  'sidebar.updated': (view, { data: { sidebar } }) =>
    view.sidebar.version > sidebar.version ? view : { ...view, sidebar },
  'draft.updated': (view, { data: { draft } }) => ({
    ...view,
    drafts: putNewer(view.drafts, draft.id, draft),
  }),
  'draft.deleted': (view, { data }) => ({ ...view, drafts: drop(view.drafts, data.draftId) }),
  'saved_item.updated': (view, { data: { item } }) => ({
    ...view,
    savedItems: putNewer(view.savedItems, item.messageId, item),
  }),
  'saved_item.removed': (view, { data: { messageId, version } }) => ({
    ...view,
    savedItems: keep(view.savedItems, (item) => item.messageId !== messageId || item.version > version),
  }),
  'scheduled_message.updated': (view, { data: { scheduledMessage } }) => ({
    ...view,
    scheduledMessages: putNewer(view.scheduledMessages, scheduledMessage.id, scheduledMessage),
  }),
  'scheduled_message.removed': (view, { data }) => ({
    ...view,
    scheduledMessages: drop(view.scheduledMessages, data.scheduledMessageId),
  }),
  'reminder.updated': (view, { data: { reminder } }) => ({
    ...view,
    reminders: putNewer(view.reminders, reminder.id, reminder),
  }),
  'reminder.deleted': (view, { data }) => ({ ...view, reminders: drop(view.reminders, data.reminderId) }),
  // Shown on pages of their own, which fetch them: nothing of a workspace's view.
  'session.revoked': unchanged,
  'two_factor.updated': unchanged,
  'passkeys.updated': unchanged,
  'push_subscriptions.updated': unchanged,
  'access_tokens.updated': unchanged,
  'job.progress': unchanged,
  'activity_cursor.updated': unchanged,
  'notification.created': unchanged,
  'notification.updated': unchanged,
  'notification_preferences.updated': unchanged,
} satisfies Partial<Handlers<EventType>>;

import { z } from 'zod';
import { ActivityCursorUpdated } from './activity-cursor-updated.js';
import { ChannelCreated } from './channel-created.js';
import { ChannelImported } from './channel-imported.js';
import { JobProgress } from './job-progress.js';
import { ChannelUpdated } from './channel-updated.js';
import { ChannelArchived } from './channel-archived.js';
import { ChannelHidden } from './channel-hidden.js';
import { ChannelDeleted } from './channel-deleted.js';
import { ChannelMemberUpdated } from './channel-member-updated.js';
import { DirectInvitationUpdated } from './direct-invitation-updated.js';
import { ChannelPreferencesUpdated } from './channel-preferences-updated.js';
import { DraftDeleted } from './draft-deleted.js';
import { DraftUpdated } from './draft-updated.js';
import { EmojiDeleted } from './emoji-deleted.js';
import { GroupDeleted } from './group-deleted.js';
import { GroupUpdated } from './group-updated.js';
import { EmojiUpdated } from './emoji-updated.js';
import { WorkspaceUpdated } from './workspace-updated.js';
import { RolesUpdated } from './roles-updated.js';
import { InviteCreated } from './invite-created.js';
import { InviteRevoked } from './invite-revoked.js';
import { InviteUsed } from './invite-used.js';
import { MemberJoined } from './member-joined.js';
import { MemberLeft } from './member-left.js';
import { MemberRoleChanged } from './member-role-changed.js';
import { MessageCreated } from './message-created.js';
import { MessageDeleted } from './message-deleted.js';
import { MessageUpdated } from './message-updated.js';
import { ReactionAdded } from './reaction-added.js';
import { ReactionRemoved } from './reaction-removed.js';
import { ReadCursorUpdated } from './read-cursor-updated.js';
import { ReminderDeleted } from './reminder-deleted.js';
import { ReminderUpdated } from './reminder-updated.js';
import { ReadCursorsUpdated } from './read-cursors-updated.js';
import { ScheduledMessageRemoved } from './scheduled-message-removed.js';
import { ScheduledMessageUpdated } from './scheduled-message-updated.js';
import { SavedItemRemoved } from './saved-item-removed.js';
import { SavedItemUpdated } from './saved-item-updated.js';
import { SessionRevoked } from './session-revoked.js';
import { ThreadFollowed } from './thread-followed.js';
import { ThreadsRead } from './threads-read.js';
import { WorkspaceDeleted } from './workspace-deleted.js';
import { SidebarUpdated } from './sidebar-updated.js';
import { AccessTokensUpdated } from './access-tokens-updated.js';
import { PasskeysUpdated } from './passkeys-updated.js';
import { PushSubscriptionsUpdated } from './push-subscriptions-updated.js';
import { TwoFactorUpdated } from './two-factor-updated.js';
import { MeUpdated } from './me-updated.js';
import { NotificationCreated } from './notification-created.js';
import { NotificationPreferencesUpdated } from './notification-preferences-updated.js';
import { NotificationUpdated } from './notification-updated.js';
import { PreferencesUpdated } from './preferences-updated.js';
import { UserUpdated } from './user-updated.js';

/** Every durable event, by type. A new event is one file and one line here. */
export const eventSchemas = {
  'message.created': MessageCreated,
  'message.updated': MessageUpdated,
  'message.deleted': MessageDeleted,
  'reaction.added': ReactionAdded,
  'reaction.removed': ReactionRemoved,
  'channel.created': ChannelCreated,
  'channel.imported': ChannelImported,
  'job.progress': JobProgress,
  'channel.updated': ChannelUpdated,
  'channel.archived': ChannelArchived,
  'channel.hidden': ChannelHidden,
  'channel.deleted': ChannelDeleted,
  'channel_member.updated': ChannelMemberUpdated,
  'direct_invitation.updated': DirectInvitationUpdated,
  'channel_preferences.updated': ChannelPreferencesUpdated,
  'sidebar.updated': SidebarUpdated,
  'workspace.updated': WorkspaceUpdated,
  'roles.updated': RolesUpdated,
  'invite.created': InviteCreated,
  'invite.revoked': InviteRevoked,
  'invite.used': InviteUsed,
  'member.joined': MemberJoined,
  'member.left': MemberLeft,
  'member.role_changed': MemberRoleChanged,
  'emoji.updated': EmojiUpdated,
  'emoji.deleted': EmojiDeleted,
  'group.updated': GroupUpdated,
  'group.deleted': GroupDeleted,
  'read_cursor.updated': ReadCursorUpdated,
  'read_cursors.updated': ReadCursorsUpdated,
  'activity_cursor.updated': ActivityCursorUpdated,
  'thread.followed': ThreadFollowed,
  'threads.read': ThreadsRead,
  'saved_item.updated': SavedItemUpdated,
  'saved_item.removed': SavedItemRemoved,
  'session.revoked': SessionRevoked,
  'workspace.deleted': WorkspaceDeleted,
  'draft.updated': DraftUpdated,
  'draft.deleted': DraftDeleted,
  'two_factor.updated': TwoFactorUpdated,
  'user.updated': UserUpdated,
  'me.updated': MeUpdated,
  'preferences.updated': PreferencesUpdated,
  'notification.created': NotificationCreated,
  'notification.updated': NotificationUpdated,
  'notification_preferences.updated': NotificationPreferencesUpdated,
  'passkeys.updated': PasskeysUpdated,
  'push_subscriptions.updated': PushSubscriptionsUpdated,
  'scheduled_message.updated': ScheduledMessageUpdated,
  'scheduled_message.removed': ScheduledMessageRemoved,
  'access_tokens.updated': AccessTokensUpdated,
  'reminder.updated': ReminderUpdated,
  'reminder.deleted': ReminderDeleted,
} as const;

export type EventType = keyof typeof eventSchemas;
export const eventTypes = Object.keys(eventSchemas) as EventType[];
export const ParleyEvent = z.discriminatedUnion('type', [
  MessageCreated,
  MessageUpdated,
  MessageDeleted,
  ReactionAdded,
  ReactionRemoved,
  ChannelCreated,
  ChannelImported,
  JobProgress,
  ChannelUpdated,
  ChannelArchived,
  ChannelHidden,
  ChannelDeleted,
  ChannelMemberUpdated,
  DirectInvitationUpdated,
  ChannelPreferencesUpdated,
  SidebarUpdated,
  WorkspaceUpdated,
  RolesUpdated,
  InviteCreated,
  InviteRevoked,
  InviteUsed,
  MemberJoined,
  MemberLeft,
  MemberRoleChanged,
  EmojiUpdated,
  EmojiDeleted,
  GroupUpdated,
  GroupDeleted,
  ReadCursorUpdated,
  ReadCursorsUpdated,
  ActivityCursorUpdated,
  ThreadFollowed,
  ThreadsRead,
  SavedItemUpdated,
  SavedItemRemoved,
  SessionRevoked,
  WorkspaceDeleted,
  DraftUpdated,
  DraftDeleted,
  TwoFactorUpdated,
  UserUpdated,
  MeUpdated,
  PreferencesUpdated,
  NotificationCreated,
  NotificationUpdated,
  NotificationPreferencesUpdated,
  PasskeysUpdated,
  PushSubscriptionsUpdated,
  ScheduledMessageUpdated,
  ScheduledMessageRemoved,
  AccessTokensUpdated,
  ReminderUpdated,
  ReminderDeleted,
]);
export type ParleyEvent = z.infer<typeof ParleyEvent>;
export type EventOf<Type extends EventType> = Extract<ParleyEvent, { type: Type }>;

import { accountsRoutes } from './routes/accounts.js';
import { accountSecurityRoutes } from './routes/account-security.js';
import { channelMembersRoutes, channelsRoutes } from './routes/channels.js';
import { directMessagesRoutes } from './routes/direct-messages.js';
import { activityRoutes } from './routes/activity.js';
import { draftsRoutes } from './routes/drafts.js';
import { linkPreviewsRoutes } from './routes/link-previews.js';
import { notificationsRoutes } from './routes/notifications.js';
import { pollsRoutes } from './routes/polls.js';
import { eventsRoutes } from './routes/events.js';
import { groupsRoutes } from './routes/groups.js';
import { reactionsRoutes } from './routes/reactions.js';
import { emojiRoutes } from './routes/emoji.js';
import { imagesRoutes } from './routes/images.js';
import { jobsRoutes } from './routes/jobs.js';
import { invitesRoutes } from './routes/invites.js';
import { membersRoutes } from './routes/members.js';
import { curationRoutes } from './routes/curation.js';
import { messagesRoutes } from './routes/messages.js';
import { emailUnsubscriptionsRoutes } from './routes/email-unsubscriptions.js';
import { pushSubscriptionsRoutes } from './routes/push-subscriptions.js';
import { profilesRoutes } from './routes/profiles.js';
import { remindersRoutes } from './routes/reminders.js';
import { scheduledMessagesRoutes } from './routes/scheduled-messages.js';
import { rolesRoutes } from './routes/roles.js';
import { servicesRoutes } from './routes/search-analytics.js';
import { receiptsRoutes } from './routes/receipts.js';
import { readStateRoutes } from './routes/read-state.js';
import { sidebarRoutes } from './routes/sidebar.js';
import { accessTokensRoutes } from './routes/access-tokens.js';
import { passkeysRoutes } from './routes/passkeys.js';
import { presenceRoutes } from './routes/presence.js';
import { typingRoutes } from './routes/typing.js';
import { twoFactorRoutes } from './routes/two-factor.js';
import { threadsRoutes } from './routes/threads.js';
import { workspacesRoutes } from './routes/workspaces.js';

export { callerKinds, type CallerKind } from './routes/access.js';
export { params, type Route } from './routes/route.js';
export { AccessTokenParams } from './routes/access-tokens.js';
export { NotificationParams } from './routes/notifications.js';
export { PasskeyParams } from './routes/passkeys.js';
export { PushSubscriptionParams } from './routes/push-subscriptions.js';
export { ReminderParams } from './routes/reminders.js';
export { ScheduledMessageParams } from './routes/scheduled-messages.js';

export const API_PREFIX = '/api/v1';

/** Every route of the public API, by operation id. OpenAPI is generated from it; tests hold services to it. */
export const routes = {
  ...accountsRoutes,
  ...accessTokensRoutes,
  ...passkeysRoutes,
  ...accountSecurityRoutes,
  ...twoFactorRoutes,
  ...profilesRoutes,
  ...workspacesRoutes,
  ...membersRoutes,
  ...rolesRoutes,
  ...invitesRoutes,
  ...channelsRoutes,
  ...channelMembersRoutes,
  ...directMessagesRoutes,
  ...sidebarRoutes,
  ...messagesRoutes,
  ...readStateRoutes,
  ...activityRoutes,
  ...receiptsRoutes,
  ...threadsRoutes,
  ...jobsRoutes,
  ...curationRoutes,
  ...imagesRoutes,
  ...draftsRoutes,
  ...emojiRoutes,
  ...reactionsRoutes,
  ...groupsRoutes,
  ...scheduledMessagesRoutes,
  ...remindersRoutes,
  ...linkPreviewsRoutes,
  ...pollsRoutes,
  ...typingRoutes,
  ...pushSubscriptionsRoutes,
  ...emailUnsubscriptionsRoutes,
  ...presenceRoutes,
  ...notificationsRoutes,
  ...servicesRoutes,
  ...eventsRoutes,
} as const;

export type OperationId = keyof typeof routes;

import { Foundation1763700000000 } from './1763700000000-foundation.js';
import { Conversations1764000000000 } from './1764000000000-conversations.js';
import { Accounts1764000010000 } from './1764000010000-accounts.js';
import { Credentials1764000020000 } from './1764000020000-credentials.js';
import { Passkeys1764000021000 } from './1764000021000-passkeys.js';
import { AccessTokens1764000022000 } from './1764000022000-access-tokens.js';
import { SessionProof1764000023000 } from './1764000023000-session-proof.js';
import { Guests1764000030000 } from './1764000030000-guests.js';
import { Administration1764000031000 } from './1764000031000-administration.js';
import { Sidebar1764000040000 } from './1764000040000-sidebar.js';
import { ChannelDirectory1764000041000 } from './1764000041000-channel-directory.js';
import { ChannelRoles1764000042000 } from './1764000042000-channel-roles.js';
import { DirectInvitations1764000043000 } from './1764000043000-direct-invitations.js';
import { Jobs1764000050000 } from './1764000050000-jobs.js';
import { Drafts1764000051000 } from './1764000051000-drafts.js';
import { ScheduledMessages1764000052000 } from './1764000052000-scheduled-messages.js';
import { Reminders1764000053000 } from './1764000053000-reminders.js';
import { Images1764000060000 } from './1764000060000-images.js';
import { Emoji1764000061000 } from './1764000061000-emoji.js';
import { Reactions1764000062000 } from './1764000062000-reactions.js';
import { LinkPreviews1764000063000 } from './1764000063000-link-previews.js';
import { Groups1764000064000 } from './1764000064000-groups.js';
import { WorkspaceIcons1764000068000 } from './1764000068000-workspace-icons.js';
import { Avatars1764000069000 } from './1764000069000-avatars.js';
import { Operations1764000070000 } from './1764000070000-operations.js';
import { Threads1764000080000 } from './1764000080000-threads.js';
import { Activity1764000081000 } from './1764000081000-activity.js';
import { SavedItems1764000090000 } from './1764000090000-saved-items.js';
import { PollVotes1764000091000 } from './1764000091000-poll-votes.js';
import { SearchOrder1764000092000 } from './1764000092000-search-order.js';
import { MembershipVersions1764000093000 } from './1764000093000-membership-versions.js';
import { NotificationFacts1765000001000 } from './1765000001000-notification-facts.js';

/** In the order they run. */
export const migrations = [
  Foundation1763700000000,
  Conversations1764000000000,
  Accounts1764000010000,
  Credentials1764000020000,
  Passkeys1764000021000,
  AccessTokens1764000022000,
  SessionProof1764000023000,
  Guests1764000030000,
  Administration1764000031000,
  Sidebar1764000040000,
  ChannelDirectory1764000041000,
  ChannelRoles1764000042000,
  DirectInvitations1764000043000,
  Jobs1764000050000,
  Drafts1764000051000,
  ScheduledMessages1764000052000,
  Reminders1764000053000,
  Images1764000060000,
  Emoji1764000061000,
  Reactions1764000062000,
  LinkPreviews1764000063000,
  Groups1764000064000,
  WorkspaceIcons1764000068000,
  Avatars1764000069000,
  Operations1764000070000,
  Threads1764000080000,
  Activity1764000081000,
  SavedItems1764000090000,
  PollVotes1764000091000,
  SearchOrder1764000092000,
  MembershipVersions1764000093000,
  NotificationFacts1765000001000,
];

import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from '#platform';
import { ActivityModule } from './activity/activity.module.js';
import { AccessModule } from './access/access.module.js';
import { AccountDeletionModule } from './account-deletion/account-deletion.module.js';
import { AccountSecurityModule } from './account-security/account-security.module.js';
import { AccessTokensModule } from './access-tokens/access-tokens.module.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { BootstrapModule } from './bootstrap/bootstrap.module.js';
import { ChannelDirectoryModule } from './channel-directory/channel-directory.module.js';
import { ChannelPreferencesModule } from './channel-preferences/channel-preferences.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { DirectMessagesModule } from './direct-messages/direct-messages.module.js';
import { CsvModule } from './csv/csv.module.js';
import { DraftsModule } from './drafts/drafts.module.js';
import { EmojiModule } from './emoji/emoji.module.js';
import { EngineModule } from './engine/engine.module.js';
import { GroupsModule } from './groups/groups.module.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { ImagesModule } from './images/images.module.js';
import { InvitesModule } from './invites/invites.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { MailModule } from './mail/mail.module.js';
import { MembersModule } from './members/members.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { LiveSessionsModule } from './live-sessions/live-sessions.module.js';
import { LinkPreviewsModule } from './link-previews/link-previews.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { NotificationFactsModule } from './notification-facts/notification-facts.module.js';
import { PollsModule } from './polls/polls.module.js';
import { ReactionsModule } from './reactions/reactions.module.js';
import { ReadStateModule } from './read-state/read-state.module.js';
import { PreferencesModule } from './preferences/preferences.module.js';
import { ProfilesModule } from './profiles/profiles.module.js';
import { RemindersModule } from './reminders/reminders.module.js';
import { ScheduledMessagesModule } from './scheduled-messages/scheduled-messages.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { RolesModule } from './roles/roles.module.js';
import { MovesModule } from './moves/moves.module.js';
import { PinsModule } from './pins/pins.module.js';
import { SavedItemsModule } from './saved-items/saved-items.module.js';
import { ReceiptsModule } from './receipts/receipts.module.js';
import { SearchModule } from './search/search.module.js';
import { SidebarModule } from './sidebar/sidebar.module.js';
import { PasskeysModule } from './passkeys/passkeys.module.js';
import { TwoFactorModule } from './two-factor/two-factor.module.js';
import { ThreadsModule } from './threads/threads.module.js';
import { SlackModule } from './slack/slack.module.js';
import { WorkspacesModule } from './workspaces/workspaces.module.js';

@Module({
  imports: [
    EngineModule,
    JobsModule,
    AccessModule,
    MailModule,
    AccountsModule,
    AccountSecurityModule,
    AccountDeletionModule,
    TwoFactorModule,
    ProfilesModule,
    PreferencesModule,
    PasskeysModule,
    AccessTokensModule,
    MembersModule,
    RolesModule,
    WorkspacesModule,
    IdempotencyModule,
    ImagesModule,
    EmojiModule,
    ReactionsModule,
    GroupsModule,
    LinkPreviewsModule,
    LiveSessionsModule,
    NoticesModule,
    InvitesModule,
    ChannelsModule,
    ChannelDirectoryModule,
    ChannelPreferencesModule,
    DirectMessagesModule,
    SidebarModule,
    MessagesModule,
    DraftsModule,
    ReadStateModule,
    ScheduledMessagesModule,
    ThreadsModule,
    ActivityModule,
    ReceiptsModule,
    RemindersModule,
    PinsModule,
    SavedItemsModule,
    MovesModule,
    PollsModule,
    NotificationFactsModule,
    BootstrapModule,
    OperationsModule,
    SearchModule,
    SlackModule,
    CsvModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
})
export class ChatModule {}

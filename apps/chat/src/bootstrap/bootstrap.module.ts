import { Module } from '@nestjs/common';
import { ActivityModule } from '../activity/activity.module.js';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { SidebarModule } from '../sidebar/sidebar.module.js';
import { GroupsModule } from '../groups/groups.module.js';
import { MembersModule } from '../members/members.module.js';
import { ThreadsModule } from '../threads/threads.module.js';
import { WorkspacesModule } from '../workspaces/workspaces.module.js';
import { Badges } from './badges.js';
import { BootstrapController } from './bootstrap.controller.js';
import { BootstrapService } from './bootstrap.service.js';

@Module({
  imports: [
    AccountsModule,
    ChannelsModule,
    SidebarModule,
    ActivityModule,
    ThreadsModule,
    WorkspacesModule,
    MembersModule,
    GroupsModule,
  ],
  controllers: [BootstrapController],
  providers: [Badges, BootstrapService],
})
export class BootstrapModule {}

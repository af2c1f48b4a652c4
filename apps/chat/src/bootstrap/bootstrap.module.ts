import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { SidebarModule } from '../sidebar/sidebar.module.js';
import { MembersModule } from '../members/members.module.js';
import { ThreadsModule } from '../threads/threads.module.js';
import { WorkspacesModule } from '../workspaces/workspaces.module.js';
import { BootstrapController } from './bootstrap.controller.js';
import { BootstrapService } from './bootstrap.service.js';

@Module({
  imports: [AccountsModule, ChannelsModule, SidebarModule, ThreadsModule, WorkspacesModule, MembersModule],
  controllers: [BootstrapController],
  providers: [BootstrapService],
})
export class BootstrapModule {}

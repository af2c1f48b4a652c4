import { Module } from '@nestjs/common';
import { ChannelDeletionService } from './channel-deletion.service.js';
import { ChannelDirects } from './channel-directs.js';
import { ChannelEvents } from './channel-events.js';
import { ChannelJoining } from './channel-joining.js';
import { ChannelMembersController } from './channel-members.controller.js';
import { ChannelMembersRepository } from './channel-members.repository.js';
import { ChannelMembersService } from './channel-members.service.js';
import { ChannelRolesService } from './channel-roles.service.js';
import { ChannelSettingsRepository } from './channel-settings.repository.js';
import { ChannelSettingsService } from './channel-settings.service.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsRepository } from './channels.repository.js';
import { ChannelsService } from './channels.service.js';

@Module({
  controllers: [ChannelsController, ChannelMembersController],
  providers: [
    ChannelsRepository,
    ChannelMembersRepository,
    ChannelSettingsRepository,
    ChannelEvents,
    ChannelJoining,
    ChannelDirects,
    ChannelsService,
    ChannelMembersService,
    ChannelRolesService,
    ChannelSettingsService,
    ChannelDeletionService,
  ],
  exports: [ChannelsService, ChannelMembersService, ChannelDirects, ChannelRolesService],
})
export class ChannelsModule {}

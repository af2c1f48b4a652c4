import { Module } from '@nestjs/common';
import { ChannelMembersService } from './channel-members.service.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsRepository } from './channels.repository.js';
import { ChannelsService } from './channels.service.js';

@Module({
  controllers: [ChannelsController],
  providers: [ChannelsRepository, ChannelsService, ChannelMembersService],
  exports: [ChannelsService, ChannelMembersService],
})
export class ChannelsModule {}

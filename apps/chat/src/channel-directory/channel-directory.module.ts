import { Module } from '@nestjs/common';
import { ChannelDirectoryController } from './channel-directory.controller.js';
import { ChannelDirectoryRepository } from './channel-directory.repository.js';
import { ChannelDirectoryService } from './channel-directory.service.js';

@Module({
  controllers: [ChannelDirectoryController],
  providers: [ChannelDirectoryRepository, ChannelDirectoryService],
})
export class ChannelDirectoryModule {}

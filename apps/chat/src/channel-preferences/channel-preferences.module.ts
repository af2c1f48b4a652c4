import { Module } from '@nestjs/common';
import { ChannelPreferencesController } from './channel-preferences.controller.js';
import { ChannelPreferencesRepository } from './channel-preferences.repository.js';
import { ChannelPreferencesService } from './channel-preferences.service.js';

@Module({
  controllers: [ChannelPreferencesController],
  providers: [ChannelPreferencesRepository, ChannelPreferencesService],
  exports: [ChannelPreferencesService],
})
export class ChannelPreferencesModule {}

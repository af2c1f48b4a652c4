import { Module } from '@nestjs/common';
import { DoNotDisturbHandler } from './do-not-disturb.handler.js';
import { PreferencesController } from './preferences.controller.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';

@Module({
  controllers: [PreferencesController, DoNotDisturbHandler],
  providers: [PreferencesRepository, PreferencesService],
})
export class PreferencesModule {}

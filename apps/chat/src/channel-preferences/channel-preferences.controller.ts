import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { params, UpdateChannelPreferences, type ChannelId, type ChannelPreferences } from '#contracts';
import { Caller, type Principal } from '#platform';
import { ChannelPreferencesService } from './channel-preferences.service.js';

type C = { channelId: ChannelId };

@Controller('channels/:channelId/preferences')
export class ChannelPreferencesController {
  constructor(private readonly preferences: ChannelPreferencesService) {}

  @Get()
  get(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
  ): Promise<ChannelPreferences> {
    return this.preferences.get(caller, channelId);
  }

  @Patch()
  update(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: UpdateChannelPreferences }) body: UpdateChannelPreferences,
  ): Promise<ChannelPreferences> {
    return this.preferences.update(caller, channelId, body);
  }
}

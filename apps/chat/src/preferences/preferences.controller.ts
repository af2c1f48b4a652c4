import { Body, Controller, Get, Patch, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UpdatePreferences, type Preferences } from '#contracts';
import { Caller, type Principal, etag } from '#platform';
import { PreferencesService } from './preferences.service.js';

const tagged = (reply: FastifyReply, preferences: Preferences): Preferences => {
  void reply.header('etag', etag(preferences.version));
  return preferences;
};

@Controller('me/preferences')
export class PreferencesController {
  constructor(private readonly service: PreferencesService) {}

  @Get()
  async get(
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Preferences> {
    return tagged(reply, await this.service.get(caller));
  }

  @Patch()
  async update(
    @Caller() caller: Principal,
    @Body({ schema: UpdatePreferences }) body: UpdatePreferences,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Preferences> {
    return tagged(reply, await this.service.update(caller, body, request.headers['if-match']));
  }
}

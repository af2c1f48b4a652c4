import { Body, Controller, Get, Patch, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UpdateNotificationPreferences, type NotificationPreferences } from '#contracts';
import { Caller, etag, type Principal } from '#platform';
import { WishesService } from './wishes.service.js';

const tagged = (reply: FastifyReply, preferences: NotificationPreferences): NotificationPreferences => {
  void reply.header('etag', etag(preferences.version));
  return preferences;
};

@Controller('api/v1/me/notification-preferences')
export class WishesController {
  constructor(private readonly wishes: WishesService) {}

  @Get()
  async get(
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NotificationPreferences> {
    return tagged(reply, await this.wishes.get(caller));
  }

  @Patch()
  async update(
    @Caller() caller: Principal,
    @Body({ schema: UpdateNotificationPreferences }) body: UpdateNotificationPreferences,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NotificationPreferences> {
    return tagged(reply, await this.wishes.update(caller, body, request.headers['if-match']));
  }
}

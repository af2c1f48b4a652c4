import { Injectable } from '@nestjs/common';
import {
  noChannelPreferences,
  type ChannelId,
  type ChannelPreferences,
  type UpdateChannelPreferences,
} from '#contracts';
import { Clock } from '#core';
import { Database, Outbox } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { ChannelPreferencesRepository } from './channel-preferences.repository.js';

/** What each person wants of their channels. */
@Injectable()
export class ChannelPreferencesService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly preferences: ChannelPreferencesRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async get(caller: Principal, channelId: ChannelId): Promise<ChannelPreferences> {
    await this.access.joinedChannel(caller, channelId);
    return (await this.preferences.find(caller.userId, channelId)) ?? noChannelPreferences;
  }

  async update(
    caller: Principal,
    channelId: ChannelId,
    change: UpdateChannelPreferences,
  ): Promise<ChannelPreferences> {
    const { workspaceId } = await this.access.joinedChannel(caller, channelId);
    return this.database.transaction(async (tx) => {
      const preferences = await this.preferences.change(tx, caller.userId, channelId, change);
      if (!preferences) throw new DomainError('channel.not_member');
      const about = { workspaceId, channelId, actorId: caller.userId, time: this.clock.now() };
      const event = newEvent('channel_preferences.updated', about, { channelId, preferences });
      await this.outbox.append(tx, event, { scope: 'user', id: caller.userId });
      return preferences;
    });
  }
}

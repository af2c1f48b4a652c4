import { Injectable } from '@nestjs/common';
import type { EventOf, UserId } from '#contracts';
import { Clock } from '#core';
import { Outbox, type Tx } from '#db';
import type { ChannelRow } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { presentChannel } from './channel.js';
import { ChannelSettingsRepository } from './channel-settings.repository.js';

type OfChannel =
  | 'channel.updated'
  | 'channel.archived'
  | 'channel.hidden'
  | 'channel.deleted'
  | 'channel_member.updated'
  | 'member.left'
  | 'direct_invitation.updated';

/** Tells what became of a channel to those who may know. */
@Injectable()
export class ChannelEvents {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly settings: ChannelSettingsRepository,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  async changed(
    tx: Tx,
    type: 'channel.updated' | 'channel.archived',
    row: ChannelRow,
    actorId: UserId,
  ): Promise<void> {
    await this.toAllWhoSee(tx, type, row, actorId, { channel: presentChannel(row) });
  }

  /** To be told while its members are known. */
  async deleted(tx: Tx, row: ChannelRow, actorId: UserId): Promise<void> {
    await this.toAllWhoSee(tx, 'channel.deleted', row, actorId, { channelId: row.id });
  }

  /** After it became private, of which its own members are told by `changed`. */
  async hidden(tx: Tx, row: ChannelRow, actorId: UserId): Promise<void> {
    const event = this.event('channel.hidden', row, actorId, { channelId: row.id, version: row.version });
    await this.outbox.append(tx, event, { scope: 'members', id: row.workspaceId });
  }

  async toMembers<Type extends OfChannel>(
    tx: Tx,
    type: Type,
    row: ChannelRow,
    actorId: UserId,
    data: EventOf<Type>['data'],
  ): Promise<void> {
    await this.outbox.append(tx, this.event(type, row, actorId, data), { scope: 'channel', id: row.id });
  }

  /** Public channels concern everyone but guests; guests who are in them get an event of their own. */
  private async toAllWhoSee<Type extends OfChannel>(
    tx: Tx,
    type: Type,
    row: ChannelRow,
    actorId: UserId,
    data: EventOf<Type>['data'],
  ): Promise<void> {
    if (row.kind === 'public') {
      const everyone = { scope: 'members', id: row.workspaceId } as const;
      await this.outbox.append(tx, this.event(type, row, actorId, data), everyone);
      if (!(await this.settings.hasGuests(tx, row))) return;
    }
    await this.toMembers(tx, type, row, actorId, data);
  }

  private event<Type extends OfChannel>(
    type: Type,
    { workspaceId, id }: ChannelRow,
    actorId: UserId,
    data: EventOf<Type>['data'],
  ): EventOf<Type> {
    return newEvent(type, { workspaceId, channelId: id, actorId, time: this.clock.now() }, data);
  }
}

import { Injectable } from '@nestjs/common';
import type { Channel, ChannelId, UpdateChannel } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal, requireVersion } from '#platform';
import { AccessService, type ChannelAccess, type ChannelRow } from '../access/access.service.js';
import { presentChannel } from './channel.js';
import { ChannelEvents } from './channel-events.js';
import { mayChangeChannel, mayManageChannel } from './channel-rules.js';
import { ChannelSettingsRepository } from './channel-settings.repository.js';

/** What a channel is called, who may post in it, and whether it is archived. */
@Injectable()
export class ChannelSettingsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly settings: ChannelSettingsRepository,
    private readonly events: ChannelEvents,
    private readonly clock: Clock,
  ) {}

  async update(
    caller: Principal,
    channelId: ChannelId,
    change: UpdateChannel,
    ifMatch: string | undefined,
  ): Promise<Channel> {
    const channel = await this.find(caller, channelId);
    if (!mayChangeChannel(channel, change)) throw new DomainError('permission.denied');
    const work = async (tx: Tx): Promise<Channel> => {
      const defaults =
        change.isDefault === false ? await this.settings.lockDefaults(tx, channel.workspaceId) : [];
      const before = await this.lock(tx, channelId);
      requireVersion(ifMatch, before.version);
      if (before.archivedAt) throw new DomainError('channel.archived');
      const wanted = changed(before, change);
      if (wanted.isDefault && wanted.kind !== 'public') throw new DomainError('channel.is_default');
      if (before.isDefault && !wanted.isDefault && defaults.length === 1)
        throw new DomainError('channel.last_default');
      if (same(before, wanted)) return presentChannel(before);
      const after = await this.settings.save(tx, wanted);
      await this.events.changed(tx, 'channel.updated', after, caller.userId);
      if (before.kind !== after.kind) await this.events.hidden(tx, after, caller.userId);
      return presentChannel(after);
    };
    try {
      return await this.database.transaction(work);
    } catch (error) {
      throw isNameClash(error) ? new DomainError('channel.name_taken') : error;
    }
  }

  /** Archiving what is archived changes nothing, nor does taking out what is not. */
  async setArchived(caller: Principal, channelId: ChannelId, archived: boolean): Promise<Channel> {
    const channel = await this.find(caller, channelId);
    if (!mayManageChannel(channel)) throw new DomainError('permission.denied');
    return this.database.transaction(async (tx) => {
      const before = await this.lock(tx, channelId);
      if (archived === (before.archivedAt !== null)) return presentChannel(before);
      if (before.isDefault) throw new DomainError('channel.is_default');
      const after = await this.settings.save(tx, {
        ...before,
        archivedAt: archived ? this.clock.now() : null,
      });
      await this.events.changed(tx, archived ? 'channel.archived' : 'channel.updated', after, caller.userId);
      return presentChannel(after);
    });
  }

  private async find(caller: Principal, channelId: ChannelId): Promise<ChannelAccess> {
    const channel = await this.access.channel(caller, channelId);
    if (channel.kind === 'direct') throw new DomainError('channel.direct_unsupported');
    return channel;
  }

  private async lock(tx: Tx, channelId: ChannelId): Promise<ChannelRow> {
    const row = await this.settings.lock(tx, channelId);
    if (!row) throw new DomainError('channel.not_found');
    return row;
  }
}

const changed = (row: ChannelRow, change: UpdateChannel): ChannelRow => {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...row, ...(Object.fromEntries(given) as Partial<ChannelRow>) };
};
const same = (a: ChannelRow, b: ChannelRow): boolean =>
  (Object.keys(a) as (keyof ChannelRow)[]).every((key) => a[key] === b[key]);

const isNameClash = (error: unknown): boolean => {
  const { code, constraint } =
    (error as { driverError?: { code?: string; constraint?: string } }).driverError ?? {};
  return code === '23505' && constraint === 'channels_name';
};

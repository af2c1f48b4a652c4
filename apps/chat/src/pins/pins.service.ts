import { Injectable } from '@nestjs/common';
import type { ChannelId, Message, MessageId, Page, PageQuery } from '#contracts';
import { cutPage } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService, type ChannelAccess } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { MessageAccess } from '../messages/message-access.js';
import { MessageChanges } from '../messages/message-changes.service.js';
import { presentMessage } from '../messages/message.js';
import { timeCursor } from '../paging/time-cursor.js';
import { PinsRepository } from './pins.repository.js';

/** More would be a second channel. */
const MAX_PINS = 100;

/** In a conversation everyone pins; in a channel who may, and its admins. */
const mayPin = (channel: ChannelAccess): boolean =>
  channel.kind === 'direct' || channel.channelRole === 'admin' || allows(channel, 'message.pin');

@Injectable()
export class PinsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly messages: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly pins: PinsRepository,
  ) {}

  /** Pinning what is pinned changes nothing. */
  pin(caller: Principal, id: MessageId, now: Date): Promise<Message> {
    return this.change(caller, id, now);
  }

  unpin(caller: Principal, id: MessageId): Promise<Message> {
    return this.change(caller, id, null);
  }

  async list(caller: Principal, channelId: ChannelId, { limit, cursor }: PageQuery): Promise<Page<Message>> {
    await this.access.channel(caller, channelId);
    const rows = await this.pins.list(channelId, timeCursor(cursor, 'newest'), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.pinnedAt?.toISOString() ?? '', row.id]);
    return { ...page, data: page.data.map(presentMessage) };
  }

  private async change(caller: Principal, id: MessageId, at: Date | null): Promise<Message> {
    const { channel } = await this.messages.writable(caller, id);
    if (!mayPin(channel)) throw new DomainError('permission.denied');
    return this.database.transaction(async (tx) => {
      const count = at ? await this.pins.countLocked(tx, channel.id) : 0;
      const message = await this.changes.lock(tx, id);
      if ((message.pinnedAt !== null) === (at !== null)) return presentMessage(message);
      if (count >= MAX_PINS) throw new DomainError('channel.too_many_pins');
      await this.pins.pin(tx, id, at && caller.userId, at);
      return this.changes.changed(tx, id, 'message.updated', caller.userId, {});
    });
  }
}

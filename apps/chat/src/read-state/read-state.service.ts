import { Injectable } from '@nestjs/common';
import type { ChannelId, ReadCursor } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox } from '#db';
import type { Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { unread } from '../channels/channel.js';
import { newEvent } from '../events/new-event.js';
import { ReadStateRepository } from './read-state.repository.js';

/** What the members of a channel have read. */
@Injectable()
export class ReadStateService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly states: ReadStateRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Reads up to a message. What was read stays read, whichever device is late. */
  read(caller: Principal, channelId: ChannelId, seq: number): Promise<ReadCursor> {
    return this.move(caller, channelId, seq, { back: false });
  }

  /** Makes a message the first unread one. */
  markUnread(caller: Principal, channelId: ChannelId, seq: number): Promise<ReadCursor> {
    return this.move(caller, channelId, seq - 1, { back: true });
  }

  private async move(
    caller: Principal,
    channelId: ChannelId,
    seq: number,
    how: { back: boolean },
  ): Promise<ReadCursor> {
    const channel = await this.access.joinedChannel(caller, channelId);
    const moved = await this.database.transaction(async (tx) => {
      const state = await this.states.move(tx, channelId, caller.userId, seq, how);
      if (state === null) return null;
      const cursor = { channelId, ...state };
      const about = {
        workspaceId: channel.workspaceId,
        channelId,
        actorId: caller.userId,
        time: this.clock.now(),
      };
      const event = newEvent('read_cursor.updated', about, cursor);
      await this.outbox.append(tx, event, { scope: 'user', id: caller.userId });
      return cursor;
    });
    if (moved) return moved;
    const { readState } = await this.access.channel(caller, channelId);
    return { channelId, ...(readState ?? unread) };
  }
}

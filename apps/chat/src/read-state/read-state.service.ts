import { Injectable } from '@nestjs/common';
import type { ChannelId, ReadCursor, UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { ReadStateRepository } from './read-state.repository.js';

/** An event stays far below what the bus takes. */
const PER_EVENT = 500;

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

  /** Within the transaction of whoever marks more than channels as read, and has checked access. */
  async readAllIn(tx: Tx, userId: UserId, workspaceId: WorkspaceId): Promise<void> {
    const cursors = await this.states.readAll(tx, userId, workspaceId);
    const about = { workspaceId, actorId: userId, time: this.clock.now() };
    for (let from = 0; from < cursors.length; from += PER_EVENT) {
      const data = { cursors: cursors.slice(from, from + PER_EVENT) };
      const event = newEvent('read_cursors.updated', about, data);
      await this.outbox.append(tx, event, { scope: 'user', id: userId });
    }
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
    const state = await this.states.find(channelId, caller.userId);
    if (!state) throw new DomainError('channel.not_member');
    return { channelId, ...state };
  }
}

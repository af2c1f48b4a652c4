import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, MovedMessage, UserId } from '#contracts';
import { uuidv7 } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import type { ChannelAccess } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { MessageAccess } from '../messages/message-access.js';
import { MessageChanges } from '../messages/message-changes.service.js';
import { presentMessage, type MessageRow } from '../messages/message.js';
import { ThreadMembershipsService } from '../threads/thread-memberships.service.js';
import { MAX_MOVED, refusal } from './move.js';
import { MovesRepository, type Pairs } from './moves.repository.js';

/**
 * Moving is appending to the one channel and deleting from the other, so seq stays gap-free in both, and
 * whoever holds a link to the old place finds there where the message went.
 */
@Injectable()
export class MovesService {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly moves: MovesRepository,
    private readonly threads: ThreadMembershipsService,
    private readonly outbox: Outbox,
  ) {}

  async move(caller: Principal, id: MessageId, to: ChannelId, now: Date): Promise<MovedMessage> {
    const { message, channel: source } = await this.access.writable(caller, id);
    const target = await this.target(caller, source, to);
    if (target.id === source.id) return { message: presentMessage(message), moved: 0 };
    return this.database.transaction(async (tx) => {
      await this.moves.lockChannels(tx, [source.id, target.id]);
      const rows = await this.movable(tx, id);
      const code = refusal(caller.userId, [...new Set(rows.map((row) => row.senderId))], source, target);
      if (code) throw new DomainError(code);
      const pairs = { from: rows.map((row) => row.id), to: rows.map(() => uuidv7() as MessageId) };
      const followers = await this.moves.copy(tx, pairs, target.id);
      await this.moves.leave(tx, pairs, target.id, now);
      const copies = await this.tell(tx, caller.userId, pairs, now);
      const [root] = copies;
      if (root) await this.threads.tell(tx, { threadId: root.id, workspaceId: root.workspaceId }, followers);
      if (message.threadId) await this.changes.shrinkThread(tx, message.threadId, caller.userId);
      return { message: presentMessage(copies[0] as MessageRow), moved: copies.length };
    });
  }

  private async target(caller: Principal, source: ChannelAccess, to: ChannelId): Promise<ChannelAccess> {
    const target = await this.access.joinedChannel(caller, to);
    // A channel of another workspace is none of this one's.
    if (target.workspaceId !== source.workspaceId) throw new DomainError('channel.not_found');
    return target;
  }

  private async movable(tx: Tx, id: MessageId): Promise<MessageRow[]> {
    const rows = await this.moves.lock(tx, id);
    if (rows.find((row) => row.id === id)?.deletedAt !== null) throw new DomainError('message.deleted');
    if (rows.length > MAX_MOVED) throw new DomainError('message.thread_too_long');
    return rows;
  }

  /** First what came, then what went, so that nobody sees neither. */
  private async tell(tx: Tx, actorId: UserId, { from, to }: Pairs, time: Date): Promise<MessageRow[]> {
    const copies = await this.moves.read(tx, to);
    const thread = copies[0]?.attached?.thread;
    for (const row of copies) {
      const data = { message: presentMessage(row), ...(row.threadId && thread ? { thread } : {}) };
      await this.append(tx, 'message.created', row, actorId, time, data);
    }
    for (const row of await this.moves.read(tx, from))
      await this.append(tx, 'message.deleted', row, actorId, time, { message: presentMessage(row) });
    return copies;
  }

  private async append(
    tx: Tx,
    type: 'message.created' | 'message.deleted',
    { workspaceId, channelId, seq }: MessageRow,
    actorId: UserId,
    time: Date,
    data: Parameters<typeof newEvent<'message.created'>>[2],
  ): Promise<void> {
    const event = newEvent(type, { workspaceId, channelId, seq, actorId, time }, data);
    await this.outbox.append(tx, event, { scope: 'channel', id: channelId });
  }
}

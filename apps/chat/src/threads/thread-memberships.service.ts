import { Injectable } from '@nestjs/common';
import {
  noThreadMembership,
  type ChannelId,
  type MessageId,
  type NotificationLevel,
  type ThreadMembership,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { newEvent } from '../events/new-event.js';
import { ThreadAccess } from './thread-access.js';
import { ThreadsRepository } from './threads.repository.js';

type Thread = { id: MessageId; channelId: ChannelId; workspaceId: WorkspaceId };

/** An event stays far below what the bus takes. */
const PER_EVENT = 500;

/** Following threads, and what was read of them. Replies make people follow, too: see `REPLY_EFFECTS`. */
@Injectable()
export class ThreadMembershipsService {
  constructor(
    private readonly database: Database,
    private readonly access: ThreadAccess,
    private readonly threads: ThreadsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async get(caller: Principal, rootId: MessageId): Promise<ThreadMembership> {
    return this.find(caller, await this.access.thread(caller, rootId));
  }

  follow(caller: Principal, rootId: MessageId, following: boolean): Promise<ThreadMembership> {
    return this.change(caller, rootId, (tx, thread) =>
      this.threads.follow(tx, mine(caller, thread), thread.channelId, following),
    );
  }

  async setLevel(caller: Principal, rootId: MessageId, level: NotificationLevel): Promise<ThreadMembership> {
    const membership = await this.change(caller, rootId, (tx, thread) =>
      this.threads.setLevel(tx, mine(caller, thread), level),
    );
    if (!membership.following) throw new DomainError('thread.not_followed');
    return membership;
  }

  /** Reads up to a reply. What was read stays read, whichever device is late. */
  read(caller: Principal, rootId: MessageId, seq: number): Promise<ThreadMembership> {
    return this.change(caller, rootId, (tx, thread) =>
      this.threads.move(tx, mine(caller, thread), seq, { back: false }),
    );
  }

  /** Makes a reply the first unread one. */
  markUnread(caller: Principal, rootId: MessageId, seq: number): Promise<ThreadMembership> {
    return this.change(caller, rootId, (tx, thread) =>
      this.threads.move(tx, mine(caller, thread), seq - 1, { back: true }),
    );
  }

  async readAll(caller: Principal, workspaceId: WorkspaceId): Promise<void> {
    await this.access.workspace(caller, workspaceId);
    await this.database.transaction((tx) => this.readAllIn(tx, caller.userId, workspaceId));
  }

  /** Within the transaction of whoever marks more than threads as read, and has checked access. */
  async readAllIn(tx: Tx, userId: UserId, workspaceId: WorkspaceId): Promise<void> {
    const ids = await this.threads.readAll(tx, userId, workspaceId);
    const about = { workspaceId, actorId: userId, time: this.clock.now() };
    for (let from = 0; from < ids.length; from += PER_EVENT) {
      const memberships = await this.threads.memberships(tx, userId, ids.slice(from, from + PER_EVENT));
      const event = newEvent('threads.read', about, { memberships });
      await this.outbox.append(tx, event, { scope: 'user', id: userId });
    }
  }

  /** Tells people how they stand to a thread, when it was not they who changed that. */
  async tell(
    tx: Tx,
    { threadId, workspaceId }: { threadId: MessageId; workspaceId: WorkspaceId },
    userIds: readonly UserId[],
  ): Promise<void> {
    for (const userId of userIds) {
      const [membership] = await this.threads.memberships(tx, userId, [threadId]);
      if (membership) await this.append(tx, userId, workspaceId, membership);
    }
  }

  private async append(
    tx: Tx,
    userId: UserId,
    workspaceId: WorkspaceId,
    membership: ThreadMembership,
  ): Promise<void> {
    const { channelId } = membership;
    const about = { workspaceId, channelId, actorId: userId, time: this.clock.now() };
    const event = newEvent('thread.followed', about, { membership });
    await this.outbox.append(tx, event, { scope: 'user', id: userId });
  }

  /** The membership after a change; the reader's devices are told if there was one. */
  private async change(
    caller: Principal,
    rootId: MessageId,
    apply: (tx: Tx, thread: Thread) => Promise<boolean>,
  ): Promise<ThreadMembership> {
    const thread = await this.access.thread(caller, rootId);
    const changed = await this.database.transaction(async (tx) => {
      if (!(await apply(tx, thread))) return null;
      const [membership] = await this.threads.memberships(tx, caller.userId, [rootId]);
      if (!membership) return null;
      await this.append(tx, caller.userId, thread.workspaceId, membership);
      return membership;
    });
    return changed ?? this.find(caller, thread);
  }

  private async find(caller: Principal, thread: Thread): Promise<ThreadMembership> {
    const found = await this.threads.find(mine(caller, thread));
    return found ?? noThreadMembership({ threadId: thread.id, channelId: thread.channelId });
  }
}

const mine = (caller: Principal, thread: Thread) => ({ userId: caller.userId, threadId: thread.id });

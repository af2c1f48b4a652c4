import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ChannelId, MessageId, UserId, WorkspaceId } from '#contracts';
import { MicroBatcher } from '#core';
import { Database } from '#db';
import { Failure, settled, submitted } from './failures.js';
import type { Seen } from './notification.js';
import { NotificationWriter } from './notification-writer.js';
import { WishesRepository } from './wishes.repository.js';

/** What ends notifications: their message is read somewhere, or it goes, or its reader does. */
@Injectable()
export class SightingsService implements OnModuleDestroy {
  private readonly batcher = new MicroBatcher<Seen, Failure | null>(
    (seen) => settled(seen, (some) => this.writer.see(some)),
    { maxBatch: 500, maxQueue: 10_000 },
  );

  constructor(
    private readonly database: Database,
    private readonly writer: NotificationWriter,
    private readonly wishes: WishesRepository,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await this.batcher.close();
  }

  /** Somebody has seen so far; what they mark as unread again later stays seen. */
  async see(seen: readonly Seen[]): Promise<void> {
    const failures = await Promise.all(seen.map((one) => submitted(this.batcher, one)));
    for (const failure of failures) failure?.raise();
  }

  messageGone(id: MessageId): Promise<void> {
    return retried(() => this.writer.withdrawMessage(id));
  }

  channelGone(id: ChannelId): Promise<void> {
    return retried(() => this.writer.withdrawChannel(id));
  }

  /** Out of a channel, or with null out of the workspace. */
  left(userId: UserId, workspaceId: WorkspaceId, channelId: ChannelId | null): Promise<void> {
    return retried(() => this.writer.withdrawOfUser({ userId, workspaceId, channelId }));
  }

  accountGone(userId: UserId): Promise<void> {
    return retried(() => this.database.transaction((tx) => this.wishes.erase(tx, userId)));
  }

  workspaceGone(workspaceId: WorkspaceId): Promise<void> {
    return retried(() => this.database.transaction((tx) => this.wishes.eraseWorkspace(tx, workspaceId)));
  }
}

const retried = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    new Failure(error).raise();
  }
};

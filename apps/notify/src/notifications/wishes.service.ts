import { Injectable } from '@nestjs/common';
import {
  MAX_KEYWORD_WORKSPACES,
  type NotificationPreferences,
  type UpdateNotificationPreferences,
  type UserId,
} from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, requireVersion, type Principal } from '#platform';
import { DEFAULT_WISHES } from './decision.js';
import { personalEvent } from './notification-event.js';
import { requirePerson } from './person.js';
import { WishesRepository } from './wishes.repository.js';

/** What people want to be told of, and how. */
@Injectable()
export class WishesService {
  constructor(
    private readonly database: Database,
    private readonly wishes: WishesRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async get(caller: Principal): Promise<NotificationPreferences> {
    requirePerson(caller);
    return (await this.wishes.find(caller.userId)) ?? { ...DEFAULT_WISHES, keywords: [], version: 0 };
  }

  /**
   * Throws `precondition.failed` when another device was faster. A keyword for a workspace they are not in is heard
   * by nobody.
   */
  async update(
    caller: Principal,
    wanted: UpdateNotificationPreferences,
    ifMatch: string | undefined,
  ): Promise<NotificationPreferences> {
    requirePerson(caller);
    return this.database.transaction(async (tx) => {
      requireVersion(ifMatch, await this.wishes.lockVersion(tx, caller.userId));
      return this.change(tx, caller.userId, wanted);
    });
  }

  /** No more letters, for whoever has a link that says so. Where they are off already nothing happens. */
  async stopEmail(userId: UserId): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.wishes.lockVersion(tx, userId);
      const { email } = await this.wishes.findIn(tx, userId);
      if (email !== 'off') await this.change(tx, userId, { email: 'off' });
    });
  }

  /** Of these people those who, by now, want no letters. */
  async withoutEmail(userIds: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    const wishes = await this.wishes.of(userIds);
    return new Set(userIds.filter((userId) => wishes.get(userId)?.email === 'off'));
  }

  private async change(
    tx: Tx,
    userId: UserId,
    { keywords = [], ...change }: UpdateNotificationPreferences,
  ): Promise<NotificationPreferences> {
    await this.wishes.update(tx, userId, change);
    for (const { workspaceId, words } of keywords)
      await this.wishes.setKeywords(tx, userId, workspaceId, words);
    const preferences = await this.wishes.findIn(tx, userId);
    if (preferences.keywords.length > MAX_KEYWORD_WORKSPACES)
      throw new DomainError('notification.too_many_keywords');
    const about = { workspaceId: null, channelId: null, seq: null };
    const type = 'notification_preferences.updated';
    await this.outbox.appendAll(tx, [personalEvent(type, userId, about, { preferences }, this.clock.now())]);
    return preferences;
  }
}

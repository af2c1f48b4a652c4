import { Injectable } from '@nestjs/common';
import type { DoNotDisturbReply, DoNotDisturbRequest, Preferences, UpdatePreferences } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox } from '#db';
import { DomainError, type Principal, requireVersion } from '#platform';
import { requirePerson } from '../accounts/person.js';
import { newEvent } from '../events/new-event.js';
import { PreferencesRepository, type PreferencesRow } from './preferences.repository.js';

const present = (row: PreferencesRow): Preferences => ({
  ...row,
  dndUntil: row.dndUntil?.toISOString() ?? null,
});

/** When and how somebody wants to be reached. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly database: Database,
    private readonly preferences: PreferencesRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async get(caller: Principal): Promise<Preferences> {
    requirePerson(caller);
    const row = await this.preferences.find(caller.userId);
    if (!row) throw new DomainError('auth.token_invalid');
    return present(row);
  }

  /** When people want to be left alone; for services that tell others of it. */
  async doNotDisturb({ userIds }: DoNotDisturbRequest): Promise<DoNotDisturbReply> {
    const found = new Map((await this.preferences.doNotDisturb(userIds)).map((row) => [row.id, row]));
    const people = userIds.map((userId) => {
      const row = found.get(userId);
      if (!row) return null;
      const { dndUntil, quietHours, timeZone } = row;
      return { dndUntil: dndUntil?.toISOString() ?? null, quietHours, timeZone };
    });
    return { people };
  }

  /** Throws `precondition.failed` when another device was faster. */
  async update(
    caller: Principal,
    input: UpdatePreferences,
    ifMatch: string | undefined,
  ): Promise<Preferences> {
    requirePerson(caller);
    return this.database.transaction(async (tx) => {
      const version = await this.preferences.lockVersion(tx, caller.userId);
      if (version === null) throw new DomainError('auth.token_invalid');
      requireVersion(ifMatch, version);
      const row = await this.preferences.update(tx, caller.userId, input);
      const preferences = present(row);
      const about = { workspaceId: null, actorId: caller.userId, time: this.clock.now() };
      const event = newEvent('preferences.updated', about, { preferences });
      await this.outbox.append(tx, event, { scope: 'user', id: caller.userId });
      return preferences;
    });
  }
}

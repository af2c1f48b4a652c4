import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { UserId, type Me, type SetStatus, type Status } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { presentMe } from '../accounts/account.js';
import { requirePerson } from '../accounts/person.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { ProfileChanges } from './profile-changes.js';
import { ProfilesRepository } from './profiles.repository.js';

const expiryJob = job('status.expire', z.object({ userId: UserId }));

/** What people are up to. */
@Injectable()
export class StatusService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly profiles: ProfilesRepository,
    private readonly changes: ProfileChanges,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.work(expiryJob, ({ userId }) => this.expire(userId));
  }

  async set(caller: Principal, status: SetStatus): Promise<Me> {
    requirePerson(caller);
    if (status.expiresAt && Date.parse(status.expiresAt) <= this.clock.now().getTime())
      throw new DomainError('request.invalid', {
        errors: [{ pointer: '/expiresAt', detail: 'must be in the future' }],
      });
    return this.change(caller, status);
  }

  async clear(caller: Principal): Promise<void> {
    requirePerson(caller);
    await this.change(caller, null);
  }

  /** Clears a status that has run out, unless it was changed since: doing it twice changes nothing. */
  private async expire(userId: UserId): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const row = await this.profiles.expireStatus(tx, userId, now);
      if (row) await this.changes.announce(tx, row, now);
    });
  }

  private change(caller: Principal, status: Status | null): Promise<Me> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const row = await this.profiles.change(tx, caller.userId, { status });
      if (!row) throw new DomainError('auth.token_invalid');
      await this.schedule(tx, caller.userId, status);
      await this.changes.announce(tx, row, now);
      return presentMe(row, now);
    });
  }

  private async schedule(tx: Tx, userId: UserId, status: Status | null): Promise<void> {
    if (!status?.expiresAt) return this.jobs.cancel(tx, expiryJob, userId);
    const options = { key: userId, startAfter: new Date(status.expiresAt) };
    await this.jobs.enqueue(tx, expiryJob, { userId }, options);
  }
}

import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { Tx } from '#db';
import { DomainError } from '#platform';
import { MemberDepartureService } from '../members/member-departure.service.js';
import { ProfileChanges } from '../profiles/profile-changes.js';
import { AccountDeletionRepository } from './account-deletion.repository.js';

const DELETED_NAME = 'Deleted account';

/** What an account wrote stays with those it wrote to; all that says who that was goes. */
@Injectable()
export class AccountErasure {
  constructor(
    private readonly deletion: AccountDeletionRepository,
    private readonly changes: ProfileChanges,
    private readonly departure: MemberDepartureService,
  ) {}

  async erase(tx: Tx, userId: UserId, now: Date): Promise<void> {
    const row = await this.deletion.anonymise(tx, userId, DELETED_NAME, now);
    if (!row) throw new DomainError('auth.token_invalid');
    // Told while there still is someone to be told of.
    await this.changes.announce(tx, row, now);
    await this.departure.leaveEverywhere(tx, userId, now);
  }
}

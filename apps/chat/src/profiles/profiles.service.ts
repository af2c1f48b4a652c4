import { Injectable } from '@nestjs/common';
import type { Me, UpdateProfile, User, UserId } from '#contracts';
import { Clock } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { presentMe, presentUser } from '../accounts/account.js';
import { requirePerson } from '../accounts/person.js';
import { ImagesService } from '../images/images.service.js';
import { ProfileChanges } from './profile-changes.js';
import { ProfilesRepository, type ProfileChange } from './profiles.repository.js';

/** Who people are. */
@Injectable()
export class ProfilesService {
  constructor(
    private readonly database: Database,
    private readonly profiles: ProfilesRepository,
    private readonly changes: ProfileChanges,
    private readonly images: ImagesService,
    private readonly clock: Clock,
  ) {}

  async get(caller: Principal, userId: UserId): Promise<User> {
    const row = await this.profiles.findVisible(caller.userId, userId);
    if (!row) throw new DomainError('user.not_found');
    return presentUser(row, this.clock.now());
  }

  async update(caller: Principal, input: UpdateProfile): Promise<Me> {
    requirePerson(caller);
    const now = this.clock.now();
    const { avatarImageId } = input;
    return this.database.transaction(async (tx) => {
      if (avatarImageId) await this.images.use(tx, caller.userId, avatarImageId);
      const row = await this.profiles.change(tx, caller.userId, input as ProfileChange);
      if (!row) throw new DomainError('auth.token_invalid');
      await this.changes.announce(tx, row, now);
      return presentMe(row, now);
    });
  }
}

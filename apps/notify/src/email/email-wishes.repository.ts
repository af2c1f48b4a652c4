import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Database, type Statement } from '#db';

const UNWANTED: Statement = {
  name: 'email_unwanted_by',
  text: `SELECT user_id AS id FROM notify.preferences WHERE user_id = ANY ($1::uuid[]) AND email = 'off'`,
};

/** A row of the defaults, but for this. */
const STOP: Statement = {
  name: 'email_stop',
  text: `
    INSERT INTO notify.preferences AS p (user_id, level, push, email, version)
    VALUES ($1, 'mentions', true, 'off', 1)
    ON CONFLICT (user_id) DO UPDATE SET email = 'off', version = p.version + 1 WHERE p.email <> 'off'`,
};

@Injectable()
export class EmailWishesRepository {
  constructor(private readonly database: Database) {}

  async stop(userId: UserId): Promise<void> {
    await this.database.run(STOP, [userId]);
  }

  /** Those who want no mails by now. */
  async unwantedBy(userIds: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    const rows = await this.database.run<{ id: UserId }>(UNWANTED, [userIds]);
    return new Set(rows.map(({ id }) => id));
  }
}

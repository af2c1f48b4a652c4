import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds those who want to know of everything in a channel, by their ids. */
export class NotificationFacts1765000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX channel_preferences_all ON chat.channel_preferences (channel_id, user_id) WHERE level = 'all'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX chat.channel_preferences_all`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds those who want to know of everything in a channel, by their ids. */
export class NotificationFacts1765000001000 implements MigrationInterface {
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS channel_preferences_all ON chat.channel_preferences (channel_id, user_id) WHERE level = 'all'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS chat.channel_preferences_all`);
  }
}

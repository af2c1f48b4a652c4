import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who reacted, in the order of time. */
export class Reactions1764000062000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX reactions_by_time ON chat.reactions (message_id, created_at, emoji, user_id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX chat.reactions_by_time`);
  }
}

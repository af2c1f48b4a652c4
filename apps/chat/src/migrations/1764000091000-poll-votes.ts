import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEX = `CREATE INDEX poll_votes_in_order ON chat.poll_votes (message_id, option_id, created_at, user_id)`;

/** The voters of an option in the order of their votes. */
export class PollVotes1764000091000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX chat.poll_votes_in_order`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // `version` counts the changes by the reader; replies are told by their seq.
  `ALTER TABLE chat.thread_members
     ALTER COLUMN version SET DEFAULT 0,
     ADD COLUMN moved_at_seq bigint NOT NULL DEFAULT 0,
     ADD COLUMN since_seq bigint NOT NULL DEFAULT 0`,
  `CREATE INDEX thread_members_mine ON chat.thread_members (user_id, workspace_id) WHERE following`,
  `CREATE INDEX message_mentions_thread ON chat.message_mentions (target_id, thread_id, seq) WHERE thread_id IS NOT NULL`,
];

const DOWN = [
  `DROP INDEX chat.message_mentions_thread`,
  `DROP INDEX chat.thread_members_mine`,
  `ALTER TABLE chat.thread_members
     ALTER COLUMN version SET DEFAULT 1, DROP COLUMN moved_at_seq, DROP COLUMN since_seq`,
];

/** How people stand to threads. */
export class Threads1764000080000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

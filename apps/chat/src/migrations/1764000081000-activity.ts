import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.activity_cursors (
     user_id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     last_read_id uuid NOT NULL,
     version integer NOT NULL DEFAULT 1,
     PRIMARY KEY (user_id, workspace_id),
     FOREIGN KEY (workspace_id, user_id) REFERENCES chat.workspace_members (workspace_id, user_id) ON DELETE CASCADE
   )`,
  // What calls everyone in a channel, and the replies of a thread, by id: that is by time.
  `CREATE INDEX message_mentions_wide ON chat.message_mentions (workspace_id, message_id DESC) WHERE target_id = channel_id`,
  `CREATE INDEX messages_thread_by_id ON chat.messages (thread_id, id DESC) WHERE thread_id IS NOT NULL`,
];

const DOWN = [
  `DROP INDEX chat.messages_thread_by_id`,
  `DROP INDEX chat.message_mentions_wide`,
  `DROP TABLE chat.activity_cursors`,
];

/** The inbox of what concerns somebody. */
export class Activity1764000081000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Who leaves a channel leaves what they had begun to write there.
  `CREATE TABLE chat.drafts (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     thread_id uuid,
     text text NOT NULL,
     version integer NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     UNIQUE NULLS NOT DISTINCT (user_id, channel_id, thread_id),
     FOREIGN KEY (channel_id, user_id) REFERENCES chat.channel_members (channel_id, user_id) ON DELETE CASCADE
   )`,
  `CREATE INDEX drafts_mine ON chat.drafts (user_id, workspace_id, id DESC)`,
];

export class Drafts1764000051000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat.drafts`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.channel_preferences (
     user_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     muted boolean NOT NULL,
     favourite boolean NOT NULL,
     level text NOT NULL CHECK (level IN ('default', 'all', 'mentions', 'none')),
     hidden_since bigint,
     version integer NOT NULL,
     PRIMARY KEY (channel_id, user_id),
     FOREIGN KEY (channel_id, user_id) REFERENCES chat.channel_members ON DELETE CASCADE
   )`,
  `CREATE TABLE chat.sidebars (
     user_id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     sections jsonb NOT NULL DEFAULT '[]',
     version integer NOT NULL DEFAULT 0,
     PRIMARY KEY (workspace_id, user_id),
     FOREIGN KEY (workspace_id, user_id) REFERENCES chat.workspace_members ON DELETE CASCADE
   )`,
];
const DOWN = [`DROP TABLE chat.sidebars`, `DROP TABLE chat.channel_preferences`];

export class Sidebar1764000040000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

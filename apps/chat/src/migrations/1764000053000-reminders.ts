import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.reminders (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     message_id uuid,
     channel_id uuid,
     text text,
     state text NOT NULL CHECK (state IN ('waiting', 'due', 'completed')),
     remind_at timestamptz(3) NOT NULL,
     next_at timestamptz(3) CHECK (next_at IS NULL OR state = 'due'),
     first_at timestamptz(3) NOT NULL,
     recurrence jsonb,
     occurrence integer NOT NULL,
     fired_count integer NOT NULL,
     completed_at timestamptz(3) CHECK ((completed_at IS NOT NULL) = (state = 'completed')),
     version integer NOT NULL,
     created_at timestamptz(3) NOT NULL,
     CHECK ((message_id IS NULL) = (channel_id IS NULL)),
     CHECK (message_id IS NOT NULL OR text IS NOT NULL)
   )`,
  `CREATE INDEX reminders_mine ON chat.reminders (user_id, workspace_id, (state = 'completed'), remind_at, id)`,
  `CREATE INDEX reminders_by_workspace ON chat.reminders (workspace_id)`,
];

export class Reminders1764000053000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat.reminders`);
  }
}

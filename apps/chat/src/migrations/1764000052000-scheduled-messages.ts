import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Leaving a channel fails what was scheduled for it, and tells; so it hangs on the channel, not the membership.
  `CREATE TABLE chat.scheduled_messages (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     channel_id uuid NOT NULL REFERENCES chat.channels ON DELETE CASCADE,
     thread_id uuid,
     also_in_channel boolean NOT NULL,
     text text NOT NULL,
     send_at timestamptz(3) NOT NULL,
     first_at timestamptz(3) NOT NULL,
     recurrence jsonb,
     occurrence integer NOT NULL,
     sent_count integer NOT NULL,
     state text NOT NULL CHECK (state IN ('scheduled', 'sending', 'failed')),
     failure text CHECK ((failure IS NULL) = (state <> 'failed')),
     version integer NOT NULL,
     created_at timestamptz(3) NOT NULL
   )`,
  `CREATE INDEX scheduled_messages_mine ON chat.scheduled_messages (user_id, workspace_id, send_at, id)`,
  `CREATE INDEX scheduled_messages_by_workspace ON chat.scheduled_messages (workspace_id)`,
  `CREATE INDEX scheduled_messages_by_channel ON chat.scheduled_messages (channel_id)`,
];

export class ScheduledMessages1764000052000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat.scheduled_messages`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.operations (
     id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     kind text NOT NULL CHECK (kind IN ('csv_users', 'csv_channels', 'slack_import', 'slack_export')),
     state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
     dry_run boolean NOT NULL,
     whole boolean NOT NULL,
     done integer NOT NULL DEFAULT 0,
     total integer,
     unit text NOT NULL,
     checkpoint jsonb,
     result jsonb NOT NULL DEFAULT '{}',
     error_count integer NOT NULL DEFAULT 0,
     problem text,
     downloadable_until timestamptz(3),
     started_by uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     created_at timestamptz(3) NOT NULL,
     started_at timestamptz(3),
     finished_at timestamptz(3),
     step integer NOT NULL DEFAULT 0,
     stalls integer NOT NULL DEFAULT 0,
     version integer NOT NULL DEFAULT 1
   )`,
  // One at a time: an import and an export, or two imports, would get into each other's way.
  `CREATE UNIQUE INDEX operations_live ON chat.operations (workspace_id) WHERE state IN ('queued', 'running')`,
  `CREATE INDEX operations_by_starter ON chat.operations (workspace_id, started_by, id DESC)`,
  `CREATE INDEX operations_by_user ON chat.operations (started_by)`,
  `CREATE TABLE chat.operation_errors (
     operation_id uuid NOT NULL REFERENCES chat.operations ON DELETE CASCADE,
     position integer NOT NULL,
     file text,
     line integer,
     pointer text NOT NULL,
     code text NOT NULL,
     detail text NOT NULL,
     PRIMARY KEY (operation_id, position)
   )`,
  // Without a foreign key: the parts of an upload arrive before it is an operation. What none claims is swept.
  `CREATE TABLE chat.operation_chunks (
     operation_id uuid NOT NULL,
     part text NOT NULL CHECK (part IN ('source', 'result')),
     position integer NOT NULL,
     bytes bytea NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     PRIMARY KEY (operation_id, part, position)
   )`,
  // What is zipped doesn't get smaller by compressing it again.
  `ALTER TABLE chat.operation_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL`,
  `CREATE TABLE chat.imported_users (
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     source_id text NOT NULL,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     placeholder boolean NOT NULL,
     raw json,
     PRIMARY KEY (workspace_id, source_id)
   )`,
  `CREATE INDEX imported_users_by_user ON chat.imported_users (user_id)`,
  `CREATE TABLE chat.imported_channels (
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     source_id text NOT NULL,
     channel_id uuid NOT NULL REFERENCES chat.channels ON DELETE CASCADE,
     list text NOT NULL CHECK (list IN ('channels', 'groups', 'dms', 'mpims')),
     position integer NOT NULL,
     name text,
     announced boolean NOT NULL,
     raw json NOT NULL,
     PRIMARY KEY (workspace_id, source_id)
   )`,
  `CREATE INDEX imported_channels_by_channel ON chat.imported_channels (channel_id)`,
  `CREATE TABLE chat.imported_messages (
     workspace_id uuid NOT NULL,
     source_channel text NOT NULL,
     ts text NOT NULL,
     message_id uuid NOT NULL REFERENCES chat.messages ON DELETE CASCADE,
     raw json,
     PRIMARY KEY (workspace_id, source_channel, ts)
   )`,
  `CREATE UNIQUE INDEX imported_messages_by_message ON chat.imported_messages (message_id)`,
];

const DOWN = [
  'imported_messages',
  'imported_channels',
  'imported_users',
  'operation_chunks',
  'operation_errors',
  'operations',
].map((table) => `DROP TABLE chat.${table}`);

export class Operations1764000070000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

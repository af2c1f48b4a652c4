import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.groups (
     id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     handle text COLLATE "C" NOT NULL,
     name text NOT NULL,
     description text NOT NULL,
     disabled boolean NOT NULL DEFAULT false,
     created_by uuid NOT NULL REFERENCES chat.users,
     created_at timestamptz(3) NOT NULL,
     version integer NOT NULL,
     UNIQUE (workspace_id, handle)
   )`,
  // Whoever leaves the workspace leaves its groups.
  `CREATE TABLE chat.group_members (
     group_id uuid NOT NULL REFERENCES chat.groups ON DELETE CASCADE,
     user_id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     added_at timestamptz(3) NOT NULL,
     PRIMARY KEY (group_id, user_id),
     FOREIGN KEY (workspace_id, user_id) REFERENCES chat.workspace_members (workspace_id, user_id) ON DELETE CASCADE
   )`,
  `CREATE INDEX group_members_by_user ON chat.group_members (workspace_id, user_id, group_id)`,
];

const DOWN = [`DROP TABLE chat.group_members`, `DROP TABLE chat.groups`];

/** User groups. */
export class Groups1764000064000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

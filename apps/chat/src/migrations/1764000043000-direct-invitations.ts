import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.direct_invitations (
     id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     channel_id uuid NOT NULL REFERENCES chat.channels ON DELETE CASCADE,
     user_id uuid NOT NULL REFERENCES chat.users,
     proposed_by uuid NOT NULL REFERENCES chat.users,
     state text NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'expired')),
     accepted_by uuid[] NOT NULL,
     declined_by uuid,
     created_at timestamptz(3) NOT NULL,
     expires_at timestamptz(3) NOT NULL,
     version integer NOT NULL
   )`,
  `CREATE UNIQUE INDEX direct_invitations_pending ON chat.direct_invitations (channel_id, user_id) WHERE state = 'pending'`,
  `CREATE INDEX direct_invitations_by_workspace ON chat.direct_invitations (workspace_id)`,
];
const DOWN = [`DROP TABLE chat.direct_invitations`];

export class DirectInvitations1764000043000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

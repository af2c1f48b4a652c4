import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE chat.users
     ADD COLUMN email_verified_at timestamptz(3),
     ADD COLUMN pending_email text,
     ADD COLUMN title text NOT NULL DEFAULT '',
     ADD COLUMN pronouns text NOT NULL DEFAULT '',
     ADD COLUMN time_zone text,
     ADD COLUMN locale text,
     ADD COLUMN avatar_image_id uuid,
     ADD COLUMN status jsonb,
     ADD COLUMN version integer NOT NULL DEFAULT 0,
     ADD COLUMN dnd_until timestamptz(3),
     ADD COLUMN quiet_hours jsonb,
     ADD COLUMN read_receipts boolean NOT NULL DEFAULT true,
     ADD COLUMN preferences_version integer NOT NULL DEFAULT 0,
     ADD COLUMN deleted_at timestamptz(3)`,
  // Without a password: who was imported and has not set one yet. Without an address: whose account is deleted.
  `ALTER TABLE chat.users DROP CONSTRAINT users_check`,
  `ALTER TABLE chat.users ADD CONSTRAINT users_address
     CHECK (kind = 'bot' OR deleted_at IS NOT NULL OR email IS NOT NULL)`,
  `CREATE TABLE chat.account_tokens (
     hash bytea PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     purpose text NOT NULL CHECK (purpose IN ('verify_email', 'change_email', 'reset_password')),
     email text NOT NULL,
     created_at timestamptz(3) NOT NULL,
     expires_at timestamptz(3) NOT NULL
   )`,
  `CREATE INDEX account_tokens_by_user ON chat.account_tokens (user_id, purpose)`,
  // Guests are few; who changes is told to the guests they share a channel with.
  `CREATE INDEX workspace_members_guests ON chat.workspace_members (workspace_id, user_id)
     WHERE role IN ('guest', 'single_channel_guest')`,
];

const DOWN = [
  `DROP INDEX chat.workspace_members_guests`,
  `DROP TABLE chat.account_tokens`,
  // What the older schema can't hold: accounts without an address or a password get ones nobody can use.
  `UPDATE chat.users SET email = coalesce(email, id || '@deleted.invalid'), password_hash = coalesce(password_hash, '')
     WHERE kind = 'user' AND (email IS NULL OR password_hash IS NULL)`,
  `ALTER TABLE chat.users
     DROP CONSTRAINT users_address,
     ADD CONSTRAINT users_check CHECK (kind = 'bot' OR (email IS NOT NULL AND password_hash IS NOT NULL)),
     DROP COLUMN email_verified_at,
     DROP COLUMN pending_email,
     DROP COLUMN title,
     DROP COLUMN pronouns,
     DROP COLUMN time_zone,
     DROP COLUMN locale,
     DROP COLUMN avatar_image_id,
     DROP COLUMN status,
     DROP COLUMN version,
     DROP COLUMN dnd_until,
     DROP COLUMN quiet_hours,
     DROP COLUMN read_receipts,
     DROP COLUMN preferences_version,
     DROP COLUMN deleted_at`,
];

export class Accounts1764000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

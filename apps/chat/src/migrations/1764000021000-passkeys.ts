import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.passkeys (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     credential_id bytea NOT NULL UNIQUE,
     public_key bytea NOT NULL,
     counter bigint NOT NULL,
     transports text[] NOT NULL,
     synced boolean NOT NULL,
     name text NOT NULL,
     created_at timestamptz(3) NOT NULL,
     last_used_at timestamptz(3)
   )`,
  `CREATE INDEX passkeys_by_user ON chat.passkeys (user_id, id)`,
];

export class Passkeys1764000021000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat.passkeys`);
  }
}

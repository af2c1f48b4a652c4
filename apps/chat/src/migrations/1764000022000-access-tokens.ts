import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.access_tokens (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     hash bytea NOT NULL UNIQUE,
     hint text NOT NULL,
     name text NOT NULL,
     scopes text[] NOT NULL,
     created_at timestamptz(3) NOT NULL,
     expires_at timestamptz(3),
     last_used_at timestamptz(3)
   )`,
  `CREATE INDEX access_tokens_by_user ON chat.access_tokens (user_id, id)`,
];

export class AccessTokens1764000022000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat.access_tokens`);
  }
}

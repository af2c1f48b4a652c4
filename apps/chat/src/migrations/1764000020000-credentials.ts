import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.credential_versions (
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     kind text NOT NULL CHECK (kind IN ('two_factor', 'passkeys', 'access_tokens')),
     version integer NOT NULL,
     PRIMARY KEY (user_id, kind)
   )`,
  `CREATE TABLE chat.two_factor (
     user_id uuid PRIMARY KEY REFERENCES chat.users ON DELETE CASCADE,
     secret bytea NOT NULL,
     confirmed_at timestamptz(3),
     last_step bigint
   )`,
  `CREATE TABLE chat.recovery_codes (
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     hash bytea NOT NULL,
     PRIMARY KEY (user_id, hash)
   )`,
];

const DOWN = ['recovery_codes', 'two_factor', 'credential_versions'].map(
  (table) => `DROP TABLE chat.${table}`,
);

/** What guards an account besides its password. */
export class Credentials1764000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

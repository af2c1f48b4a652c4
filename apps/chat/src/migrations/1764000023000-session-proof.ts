import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
  ALTER TABLE chat.sessions ADD COLUMN opened_by text NOT NULL DEFAULT 'password'
    CHECK (opened_by IN ('password', 'two_factor', 'passkey'))`;

export class SessionProof1764000023000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE chat.sessions DROP COLUMN opened_by`);
  }
}

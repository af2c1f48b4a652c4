import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = (...names: string[]) =>
  `ALTER TABLE chat.workspace_members ADD CONSTRAINT workspace_members_role_check
     CHECK (role IN (${names.map((name) => `'${name}'`).join(', ')}))`;
const DROP = `ALTER TABLE chat.workspace_members DROP CONSTRAINT workspace_members_role_check`;

export class Guests1764000030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DROP);
    await runner.query(
      `${roles('owner', 'admin', 'member', 'guest', 'single_channel_guest', 'bot')} NOT VALID`,
    );
    await runner.query(`ALTER TABLE chat.workspace_members VALIDATE CONSTRAINT workspace_members_role_check`);
  }

  /** Guests go: as members they would see what was never meant for them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM chat.workspace_members WHERE role IN ('guest', 'single_channel_guest')`);
    await runner.query(DROP);
    await runner.query(roles('owner', 'admin', 'member', 'bot'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells two changes of who is in a channel apart: the later has the higher number. */
export class MembershipVersions1764000093000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SEQUENCE chat.membership_versions`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP SEQUENCE chat.membership_versions`);
  }
}

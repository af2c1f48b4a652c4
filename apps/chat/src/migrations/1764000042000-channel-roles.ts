import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE chat.channel_members ADD COLUMN role_version integer NOT NULL DEFAULT 1`,
  // Who takes over when the last admin of a channel leaves: the admins left, else whoever is in it longest.
  `CREATE INDEX channel_members_admins ON chat.channel_members (channel_id) WHERE role = 'admin'`,
  `CREATE INDEX channel_members_by_age ON chat.channel_members (channel_id, joined_at, user_id)`,
];
const DOWN = [
  `DROP INDEX chat.channel_members_by_age, chat.channel_members_admins`,
  `ALTER TABLE chat.channel_members DROP COLUMN role_version`,
];

export class ChannelRoles1764000042000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An image that is someone's avatar is in use. */
const UP = `ALTER TABLE chat.users ADD CONSTRAINT users_avatar
  FOREIGN KEY (avatar_image_id) REFERENCES chat.images ON DELETE SET NULL`;
const INDEX = `CREATE INDEX users_by_avatar ON chat.users (avatar_image_id) WHERE avatar_image_id IS NOT NULL`;

export class Avatars1764000069000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
    await runner.query(INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX chat.users_by_avatar`);
    await runner.query(`ALTER TABLE chat.users DROP CONSTRAINT users_avatar`);
  }
}

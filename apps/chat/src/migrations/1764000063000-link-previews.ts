import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE chat.workspaces ADD COLUMN link_previews boolean NOT NULL DEFAULT true`,
  `ALTER TABLE chat.link_previews ADD COLUMN image_id uuid REFERENCES chat.images`,
  `CREATE INDEX link_previews_by_image ON chat.link_previews (image_id) WHERE image_id IS NOT NULL`,
  `CREATE TABLE chat.link_preview_attempts (
     message_id uuid PRIMARY KEY REFERENCES chat.messages ON DELETE CASCADE,
     urls text[] NOT NULL
   )`,
];

const DOWN = [
  `DROP TABLE chat.link_preview_attempts`,
  `DROP INDEX chat.link_previews_by_image`,
  `ALTER TABLE chat.link_previews DROP COLUMN image_id`,
  `ALTER TABLE chat.workspaces DROP COLUMN link_previews`,
];

/** Thumbnails of link previews, and the links that were looked up. */
export class LinkPreviews1764000063000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

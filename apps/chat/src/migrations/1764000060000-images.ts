import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.images (
     id uuid PRIMARY KEY,
     owner_id uuid REFERENCES chat.users ON DELETE SET NULL,
     sha256 bytea NOT NULL,
     type text NOT NULL,
     width integer NOT NULL,
     height integer NOT NULL,
     size integer NOT NULL,
     bytes bytea NOT NULL,
     uploaded_at timestamptz(3) NOT NULL,
     UNIQUE (owner_id, sha256)
   )`,
  // Images are compressed already.
  `ALTER TABLE chat.images ALTER COLUMN bytes SET STORAGE EXTERNAL`,
  `CREATE INDEX images_by_upload ON chat.images (uploaded_at, id)`,
  `CREATE TABLE chat.image_workspaces (
     image_id uuid NOT NULL REFERENCES chat.images ON DELETE CASCADE,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     PRIMARY KEY (image_id, workspace_id)
   )`,
  `CREATE INDEX image_workspaces_by_workspace ON chat.image_workspaces (workspace_id)`,
];

const DOWN = [`DROP TABLE chat.image_workspaces`, `DROP TABLE chat.images`];

export class Images1764000060000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

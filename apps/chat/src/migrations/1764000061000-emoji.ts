import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE chat.emoji (
     id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     name text COLLATE "C" NOT NULL,
     image_id uuid NOT NULL REFERENCES chat.images,
     alias_of uuid REFERENCES chat.emoji ON DELETE CASCADE,
     created_by uuid NOT NULL REFERENCES chat.users,
     created_at timestamptz(3) NOT NULL,
     version integer NOT NULL,
     UNIQUE (workspace_id, name)
   )`,
  `CREATE INDEX emoji_by_image ON chat.emoji (image_id)`,
  `CREATE INDEX emoji_by_alias ON chat.emoji (alias_of) WHERE alias_of IS NOT NULL`,
];

const DOWN = [`DROP TABLE chat.emoji`];

export class Emoji1764000061000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

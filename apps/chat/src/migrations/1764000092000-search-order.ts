import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE chat.search_documents ADD COLUMN message_version bigint NOT NULL DEFAULT 0`,
  // Nothing reads it any more; processes of the release before still write it.
  `ALTER TABLE chat.search_documents ALTER COLUMN version SET DEFAULT 0`,
];
const DOWN = [
  `ALTER TABLE chat.search_documents ALTER COLUMN version DROP DEFAULT`,
  `ALTER TABLE chat.search_documents DROP COLUMN message_version`,
];

/** The newest state of a message is told by its version, not by when it was announced. */
export class SearchOrder1764000092000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

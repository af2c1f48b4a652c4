import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // A removed item stays as a tombstone, so that saving again makes a higher version than removing did.
  `CREATE TABLE chat.saved_items (
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     message_id uuid NOT NULL REFERENCES chat.messages ON DELETE CASCADE,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     done boolean NOT NULL,
     saved_at timestamptz(3) NOT NULL,
     removed_at timestamptz(3),
     version integer NOT NULL DEFAULT 1,
     PRIMARY KEY (user_id, message_id)
   )`,
  `CREATE INDEX saved_items_list ON chat.saved_items (user_id, workspace_id, done, saved_at DESC, message_id DESC) WHERE removed_at IS NULL`,
  `CREATE INDEX saved_items_by_message ON chat.saved_items (message_id)`,
];

/** What people keep for later. */
export class SavedItems1764000090000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat.saved_items`);
  }
}

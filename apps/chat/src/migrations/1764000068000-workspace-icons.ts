import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An image that is referred to is in use, and kept. */
export class WorkspaceIcons1764000068000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE chat.workspaces ADD CONSTRAINT workspaces_icon
         FOREIGN KEY (icon_image_id) REFERENCES chat.images ON DELETE SET NULL`,
    );
    await runner.query(
      `CREATE INDEX workspaces_by_icon ON chat.workspaces (icon_image_id) WHERE icon_image_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX chat.workspaces_by_icon`);
    await runner.query(`ALTER TABLE chat.workspaces DROP CONSTRAINT workspaces_icon`);
  }
}

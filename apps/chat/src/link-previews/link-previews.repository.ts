import { Injectable } from '@nestjs/common';
import type { MessageId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import type { StoredPreview } from './link-preview.js';

const SOURCE: Statement = {
  name: 'link_previews_source',
  text: `
    SELECT m.text, m.workspace_id AS "workspaceId", m.deleted_at IS NOT NULL AS deleted, w.link_previews AS wanted,
      coalesce(a.urls, '{}') AS attempted
    FROM chat.messages m JOIN chat.workspaces w ON w.id = m.workspace_id
    LEFT JOIN chat.link_preview_attempts a ON a.message_id = m.id
    WHERE m.id = $1`,
};
const PRESENT = `
  SELECT position, url, preview, image_id AS "imageId" FROM chat.link_previews
  WHERE message_id = $1 ORDER BY position`;
const CLEAR = `DELETE FROM chat.link_previews WHERE message_id = $1`;
const REMOVE = `DELETE FROM chat.link_previews WHERE message_id = $1 AND position = $2 RETURNING position`;
const ADD = `
  INSERT INTO chat.link_previews (message_id, position, url, preview, image_id) VALUES ($1, $2, $3, $4::jsonb, $5)`;
const ATTEMPTED = `
  INSERT INTO chat.link_preview_attempts (message_id, urls) VALUES ($1, $2::text[])
  ON CONFLICT (message_id) DO UPDATE SET urls = excluded.urls`;

export type PreviewSource = {
  text: string;
  workspaceId: WorkspaceId;
  deleted: boolean;
  /** By the workspace. */ wanted: boolean;
  attempted: string[];
};

/** All SQL on link previews. */
@Injectable()
export class LinkPreviewsRepository {
  constructor(private readonly database: Database) {}

  async source(id: MessageId): Promise<PreviewSource | null> {
    return (await this.database.run<PreviewSource>(SOURCE, [id]))[0] ?? null;
  }

  present(tx: Tx, id: MessageId): Promise<StoredPreview[]> {
    return tx.query<StoredPreview>(PRESENT, [id]);
  }

  async replace(tx: Tx, id: MessageId, previews: readonly StoredPreview[]): Promise<void> {
    await tx.query(CLEAR, [id]);
    for (const { position, url, preview, imageId } of previews)
      await tx.query(ADD, [id, position, url, JSON.stringify(preview), imageId]);
  }

  /** False when there is none at this position. */
  async remove(tx: Tx, id: MessageId, position: number): Promise<boolean> {
    return (await tx.query(REMOVE, [id, position])).length > 0;
  }

  async recordAttempt(tx: Tx, id: MessageId, urls: readonly string[]): Promise<void> {
    await tx.query(ATTEMPTED, [id, urls]);
  }
}

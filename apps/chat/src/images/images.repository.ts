import { Injectable } from '@nestjs/common';
import type { Image, ImageId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';

export type StoredImage = Image & { sha256: Buffer; bytes: Buffer; uploadedAt: Date };

/** `i` is chat.images, $2 who asks: the uploader, whoever shares a workspace with them, or a workspace that uses it. */
const READABLE = `(
  i.owner_id = $2
  OR EXISTS (
    SELECT 1 FROM chat.workspace_members theirs
    JOIN chat.workspace_members mine ON mine.workspace_id = theirs.workspace_id AND mine.user_id = $2
    WHERE theirs.user_id = i.owner_id
  )
  OR EXISTS (
    SELECT 1 FROM chat.image_workspaces used
    JOIN chat.workspace_members mine ON mine.workspace_id = used.workspace_id AND mine.user_id = $2
    WHERE used.image_id = i.id
  )
)`;
const COLUMNS = `i.id, i.type, i.width, i.height, i.size`;

const READ: Statement = {
  name: 'images_read',
  text: `SELECT i.type, i.bytes FROM chat.images i WHERE i.id = $1 AND ${READABLE}`,
};
/** Locked, so that no sweep takes it before it is used. */
const LOCK_READABLE = `SELECT ${COLUMNS} FROM chat.images i WHERE i.id = $1 AND ${READABLE} FOR KEY SHARE OF i`;
const LOCK_OWNER = `SELECT id FROM chat.users WHERE id = $1 FOR NO KEY UPDATE`;
/** Uploading again counts as new for the sweep: whoever does so is about to use it. */
const UPLOAD_AGAIN = `
  UPDATE chat.images i SET uploaded_at = $3 WHERE i.owner_id IS NOT DISTINCT FROM $1 AND i.sha256 = $2 RETURNING ${COLUMNS}`;
const USED_BYTES = `SELECT coalesce(sum(size), 0)::float8 AS bytes FROM chat.images WHERE owner_id = $1`;
const INSERT = `
  INSERT INTO chat.images (id, owner_id, sha256, type, width, height, size, bytes, uploaded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
const SHARE = `INSERT INTO chat.image_workspaces (image_id, workspace_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const REFERENCES = `
  SELECT con.conrelid::regclass::text AS "table", att.attname AS "column"
  FROM pg_constraint con JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
  WHERE con.contype = 'f' AND con.confrelid = 'chat.images'::regclass
    AND con.conrelid <> 'chat.image_workspaces'::regclass`;

/** All SQL on images. */
@Injectable()
export class ImagesRepository {
  constructor(private readonly database: Database) {}

  async read(id: ImageId, userId: UserId): Promise<{ type: string; bytes: Buffer } | null> {
    const [row] = await this.database.run<{ type: string; bytes: Buffer }>(READ, [id, userId]);
    return row ?? null;
  }

  async lockReadable(tx: Tx, id: ImageId, userId: UserId): Promise<Image | null> {
    return (await tx.query<Image>(LOCK_READABLE, [id, userId]))[0] ?? null;
  }

  /** One upload of a person at a time, so that two don't both fit into what is left. */
  async lockOwner(tx: Tx, ownerId: UserId): Promise<void> {
    await tx.query(LOCK_OWNER, [ownerId]);
  }

  async uploadAgain(tx: Tx, ownerId: UserId | null, sha256: Buffer, at: Date): Promise<Image | null> {
    return (await tx.query<Image>(UPLOAD_AGAIN, [ownerId, sha256, at]))[0] ?? null;
  }

  async usedBytes(tx: Tx, ownerId: UserId): Promise<number> {
    return (await tx.query<{ bytes: number }>(USED_BYTES, [ownerId]))[0]?.bytes ?? 0;
  }

  async insert(tx: Tx, ownerId: UserId | null, image: StoredImage): Promise<void> {
    const { id, sha256, type, width, height, size, bytes, uploadedAt } = image;
    await tx.query(INSERT, [id, ownerId, sha256, type, width, height, size, bytes, uploadedAt]);
  }

  async share(tx: Tx, id: ImageId, workspaceId: WorkspaceId): Promise<void> {
    await tx.query(SHARE, [id, workspaceId]);
  }

  /**
   * Deletes up to `limit` images uploaded before `before` that nothing refers to; returns how many. What
   * uses images has a foreign key to them, and those are found in the catalogue: a feature can't be forgotten.
   */
  async deleteUnused(tx: Tx, before: Date, limit: number): Promise<number> {
    const references = await tx.query<{ table: string; column: string }>(REFERENCES);
    const unused = references.map(
      ({ table, column }) => `AND NOT EXISTS (SELECT 1 FROM ${table} r WHERE r."${column}" = i.id)`,
    );
    const deleted = await tx.query(
      `DELETE FROM chat.images WHERE id IN (
         SELECT i.id FROM chat.images i WHERE i.uploaded_at < $1 ${unused.join(' ')}
         ORDER BY i.uploaded_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [before, limit],
    );
    return deleted.length;
  }
}

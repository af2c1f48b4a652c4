import { Injectable } from '@nestjs/common';
import type { JobId } from '#contracts';
import { Database, type Statement } from '#db';

export const CHUNK_BYTES = 1024 * 1024;
export type Part = 'source' | 'result';

const PUT: Statement = {
  name: 'chunks_put',
  text: `
    INSERT INTO chat.operation_chunks (operation_id, part, position, bytes) VALUES ($1, $2, $3, $4)
    ON CONFLICT (operation_id, part, position) DO UPDATE SET bytes = excluded.bytes`,
};
const GET: Statement = {
  name: 'chunks_get',
  text: `SELECT bytes FROM chat.operation_chunks WHERE operation_id = $1 AND part = $2 AND position = $3`,
};
const SIZE: Statement = {
  name: 'chunks_size',
  text: `
    SELECT coalesce(sum(octet_length(bytes)), 0)::float8 AS size FROM chat.operation_chunks
    WHERE operation_id = $1 AND part = $2`,
};
const DROP: Statement = {
  name: 'chunks_drop',
  text: `DELETE FROM chat.operation_chunks WHERE operation_id = $1 AND part = $2 AND position >= $3`,
};
/** What no operation needs (any more): sources of those that ended, results out of date, uploads broken off. */
const SWEEP: Statement = {
  name: 'chunks_sweep',
  text: `
    DELETE FROM chat.operation_chunks c
    WHERE c.created_at < $1::timestamptz - interval '24 hours'
      AND NOT EXISTS (SELECT 1 FROM chat.operations o WHERE o.id = c.operation_id AND (
        o.state IN ('queued', 'running') OR (c.part = 'result' AND o.downloadable_until > $1)))`,
};

/**
 * Files of operations in pieces of 1 MiB, in the database: every host can reach them, whichever took the
 * upload, and they are gone when they should be.
 */
@Injectable()
export class ChunksRepository {
  constructor(private readonly database: Database) {}

  async put(id: JobId, part: Part, position: number, bytes: Buffer): Promise<void> {
    await this.database.run(PUT, [id, part, position, bytes]);
  }

  async get(id: JobId, part: Part, position: number): Promise<Buffer | null> {
    return (await this.database.run<{ bytes: Buffer }>(GET, [id, part, position]))[0]?.bytes ?? null;
  }

  async size(id: JobId, part: Part): Promise<number> {
    return (await this.database.run<{ size: number }>(SIZE, [id, part]))[0]?.size ?? 0;
  }

  async drop(id: JobId, part: Part, from = 0): Promise<void> {
    await this.database.run(DROP, [id, part, from]);
  }

  async sweep(now: Date): Promise<void> {
    await this.database.run(SWEEP, [now]);
  }
}

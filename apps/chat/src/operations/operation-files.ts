import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { JobId } from '#contracts';
import { CHUNK_BYTES, ChunksRepository, type Part } from './chunks.repository.js';

/** Reads and writes the files of operations, a piece at a time. */
@Injectable()
export class OperationFiles {
  constructor(private readonly chunks: ChunksRepository) {}

  /** Stores a stream; what is there of a broken-off one before is overwritten. Returns the size. */
  async write(id: JobId, part: Part, source: AsyncIterable<Buffer>): Promise<number> {
    let waiting: Buffer[] = [];
    let held = 0;
    let position = 0;
    const flush = async () => {
      await this.chunks.put(id, part, position++, Buffer.concat(waiting, held));
      waiting = [];
      held = 0;
    };
    for await (const bytes of source) {
      for (let from = 0; from < bytes.length;) {
        const piece = bytes.subarray(from, from + CHUNK_BYTES - held);
        waiting.push(piece);
        held += piece.length;
        from += piece.length;
        if (held === CHUNK_BYTES) await flush();
      }
    }
    const size = position * CHUNK_BYTES + held;
    if (held > 0) await flush();
    await this.chunks.drop(id, part, position);
    return size;
  }

  /** Bytes `start` to `end` (exclusive). */
  read(id: JobId, part: Part, start: number, end: number): Readable {
    return Readable.from(this.pieces(id, part, start, end), {
      objectMode: false,
      highWaterMark: CHUNK_BYTES,
    });
  }

  async readAll(id: JobId, part: Part): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(id, part, 0, await this.size(id, part))) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  size(id: JobId, part: Part): Promise<number> {
    return this.chunks.size(id, part);
  }

  drop(id: JobId, part: Part): Promise<void> {
    return this.chunks.drop(id, part);
  }

  sweep(now: Date): Promise<void> {
    return this.chunks.sweep(now);
  }

  private async *pieces(id: JobId, part: Part, start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end;) {
      const position = Math.floor(at / CHUNK_BYTES);
      const bytes = await this.chunks.get(id, part, position);
      if (!bytes) throw new Error(`piece ${position} of ${part} ${id} is missing`);
      const offset = at - position * CHUNK_BYTES;
      const piece = bytes.subarray(offset, offset + end - at);
      if (piece.length === 0) throw new Error(`piece ${position} of ${part} ${id} is too short`);
      yield piece;
      at += piece.length;
    }
  }
}

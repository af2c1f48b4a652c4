import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { DomainError } from '#platform';

export type ReadRange = (start: number, end: number) => Readable;

/** What an archive must not exceed, whatever it says of itself. */
export const ARCHIVE_LIMITS = {
  entries: 500_000,
  entryBytes: 128 * 1024 * 1024,
  totalBytes: 32 * 1024 * 1024 * 1024,
  /** Text packs 5 to 50 times; beyond this, above a few megabytes, someone built a bomb. */
  ratio: 250,
  ratioFromBytes: 4 * 1024 * 1024,
};
export type ArchiveLimits = typeof ARCHIVE_LIMITS;

class RangeReader extends RandomAccessReader {
  constructor(private readonly range: ReadRange) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.range(start, end);
  }
}

const unreadable = (detail: string) => new DomainError('import.unreadable', { detail });
/** The reader's complaints are about the archive; what the database says is not. */
const blame = (error: unknown): never => {
  const { name, message } = error as Error;
  if (error instanceof DomainError || name === 'DatabaseUnavailable') throw error;
  throw unreadable(message);
};

/**
 * The JSON files of a zip archive, read where they lie: nothing is unpacked to a disk, and one file at a
 * time is in memory. Throws `import.unreadable` for what is no archive or breaks the limits.
 */
export class Archive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  static async open(
    size: number,
    range: ReadRange,
    limits: ArchiveLimits = ARCHIVE_LIMITS,
  ): Promise<Archive> {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true };
    const zip = await fromRandomAccessReaderPromise(new RangeReader(range), size, options).catch(blame);
    if (zip.entryCount > limits.entries) throw unreadable(`has more than ${limits.entries} files`);
    const entries = new Map<string, Entry>();
    let total = 0;
    try {
      for await (const entry of entriesOf(zip)) {
        total += entry.uncompressedSize;
        judge(entry, total, limits);
        if (entries.has(entry.fileName)) throw unreadable(`has ${entry.fileName} twice`);
        if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
      }
    } catch (error) {
      blame(error);
    }
    return new Archive(zip, entries);
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Undefined when it is not JSON; throws `import.unreadable` when its bytes are damaged. */
  async json(name: string): Promise<unknown> {
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    const pieces: Buffer[] = [];
    try {
      const stream = await this.zip.openReadStreamPromise(entry);
      for await (const piece of stream) pieces.push(piece as Buffer);
    } catch (error) {
      blame(error);
    }
    const text = Buffer.concat(pieces)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  }
}

const judge = (entry: Entry, total: number, limits: ArchiveLimits): void => {
  const { fileName, uncompressedSize, compressedSize } = entry;
  if (entry.isEncrypted()) throw unreadable(`${fileName} is encrypted`);
  // Files that people attached may lie in it too; they are not read.
  if (!fileName.endsWith('.json')) return;
  if (uncompressedSize > limits.entryBytes) throw unreadable(`${fileName} is too large`);
  if (total > limits.totalBytes) throw unreadable('is too large unpacked');
  if (uncompressedSize > limits.ratioFromBytes && uncompressedSize > compressedSize * limits.ratio)
    throw unreadable(`${fileName} is packed beyond belief`);
};

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const settle = (done: () => void) => {
        zip.removeListener('entry', onEntry).removeListener('end', onEnd).removeListener('error', onError);
        done();
      };
      const onEntry = (found: Entry) => settle(() => resolve(found));
      const onEnd = () => settle(() => resolve(null));
      const onError = (error: Error) => settle(() => reject(error));
      zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
      zip.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

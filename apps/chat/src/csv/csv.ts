import { parse } from 'csv-parse/sync';
import { DomainError } from '#platform';
import type { Omission } from '../operations/operation.js';

export const MAX_ROWS = 50_000;
const MAX_RECORD = 64 * 1024;

export type CsvRow = { line: number; values: Record<string, string> };
export type Csv = { rows: CsvRow[]; omissions: Omission[] };

const unreadable = (detail: string) => new DomainError('import.unreadable', { detail });

/**
 * The rows of a CSV file (RFC 4180, UTF-8 with or without a byte order mark) by the names in its first
 * line, in any order and case. A row that can't be read is left out; a file that can't throws
 * `import.unreadable`.
 */
export const readCsv = (bytes: Uint8Array, columns: readonly string[], required: readonly string[]): Csv => {
  const omissions: Omission[] = [];
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('is not UTF-8');
  }
  const header = (names: string[]) => {
    const known = names.map((name) => name.trim().toLowerCase());
    for (const name of required) if (!known.includes(name)) throw unreadable(`has no column ${name}`);
    known.forEach((name, at) => {
      if (!columns.includes(name) || known.indexOf(name) !== at)
        omissions.push({
          line: 1,
          pointer: `/${name}`,
          code: 'unknown',
          detail: 'is a column that is not read',
        });
    });
    return known.map((name, at) => (columns.includes(name) && known.indexOf(name) === at ? name : false));
  };
  try {
    const records = parse<{ record: Record<string, string>; info: { lines: number } }>(text, {
      bom: true,
      columns: header,
      info: true,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: MAX_RECORD,
      to: MAX_ROWS + 1,
      on_skip: (error) => {
        const line = Number(error?.['lines'] ?? 0);
        omissions.push({ line, pointer: '', code: 'malformed', detail: error?.code ?? 'can not be read' });
        return undefined;
      },
    });
    if (records.length > MAX_ROWS) throw unreadable(`has more than ${MAX_ROWS} rows`);
    return { rows: records.map(({ record, info }) => ({ line: info.lines, values: record })), omissions };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unreadable((error as Error).message);
  }
};

/** Several values in one field, with `;`, `,` or blanks between them. */
export const severalOf = (field: string): string[] => [...new Set(field.split(/[;,\s]+/u).filter(Boolean))];

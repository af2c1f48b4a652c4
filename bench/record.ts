import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DOCUMENT = path.resolve(import.meta.dirname, '../docs/benchmarks.md');

/** Appends a rendered result to the document that keeps them. */
export function record(text: string): void {
  if (!existsSync(DOCUMENT)) writeFileSync(DOCUMENT, '# Benchmarks\n');
  appendFileSync(DOCUMENT, `\n${text}`);
}

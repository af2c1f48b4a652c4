import { join } from 'node:path';

/** What node needs to run our TypeScript sources as they are, as Jest does: for processes that a test starts, and kills. */
export const typescriptArguments: readonly string[] = [
  '--conditions=source',
  '--import',
  join(import.meta.dirname, 'typescript.mjs'),
];

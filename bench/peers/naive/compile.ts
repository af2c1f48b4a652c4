import { transformFile } from '@swc/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SOURCES = path.resolve(import.meta.dirname, '..');
// Inside the repository, so that packages resolve; ignored by git.
const OUTPUT = path.resolve(SOURCES, '../../.data/bench/peers');

const FILES = ['events.ts', 'settings.ts', 'naive/message.entity.ts', 'naive/api.ts', 'naive/notify.ts'];

/** Node strips types but leaves decorators in place; the naive peer needs them compiled, with their metadata. */
export async function compileNaive(): Promise<string> {
  for (const file of FILES) {
    const { code } = await transformFile(path.join(SOURCES, file), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
    });
    const target = path.join(OUTPUT, file.replace(/ts$/, 'js'));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, code.replaceAll(/(from ['"]\..*)\.ts(['"])/g, '$1.js$2'));
  }
  return path.join(OUTPUT, 'naive');
}

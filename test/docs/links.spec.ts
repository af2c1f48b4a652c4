import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './services.js';

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((file) => join(root, file)),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(root, 'docs', file)),
];

/** As GitHub makes them from headings. */
const anchorsOf = (file: string): Set<string> =>
  new Set(
    [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      (heading as string)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

describe('documents', () => {
  it.each(pages.map((page) => relative(root, page)))('%s links to what exists', (name) => {
    const page = join(root, name);
    // Images may be made later than the page that shows them.
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g)) {
      if (/^\w+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : resolve(dirname(page), path);
      expect([target, existsSync(file)]).toEqual([target, true]);
      if (anchor !== undefined && file.endsWith('.md'))
        expect([target, anchorsOf(file).has(anchor)]).toEqual([target, true]);
    }
  });

  it('name only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const page of pages)
      for (const [, script] of readFileSync(page, 'utf8').matchAll(/npm run ([a-z][\w:-]*)/g))
        expect([relative(root, page), script, (script as string) in scripts]).toEqual([
          relative(root, page),
          script,
          true,
        ]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandOf, copiesOf, lineage, parseDockerfile } from './dockerfile.js';
import { root, schemas, services } from './services.js';

const stages = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
const inContext = (path: string) =>
  ignored.some((line) => {
    if (!line.startsWith('!')) return false;
    const kept = line.slice(1);
    return kept.includes('*')
      ? new RegExp(`^${kept.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(path)
      : path === kept || path.startsWith(`${kept}/`);
  });
const names = stages.map(({ name }) => name);
const targets = [...Object.keys(schemas), 'migrate', 'secrets'];

/** What a build puts where a path in dist (or the web client's) says. */
const sourceOf = (built: string) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

describe('Dockerfile', () => {
  it('has a target for every service, and no two stages of one name', () => {
    expect(names).toEqual(expect.arrayContaining(targets));
    expect(new Set(names).size).toBe(names.length);
  });

  it('is built on Node.js of the pinned major, or on a stage above', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: { node: string };
    };
    const major = /\d+/.exec(devDependencies.node)?.[0];
    const args = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1];
    expect(args).toBe(`node:${major}-bookworm-slim`);
    stages.forEach(({ from }, at) => {
      if (from !== '${NODE_IMAGE}') expect(names.slice(0, at)).toContain(from);
    });
  });

  it('copies only what exists and reaches the build context, or comes from a stage above', () => {
    stages.forEach((stage, at) => {
      for (const { from, sources } of copiesOf(stage)) {
        if (from !== null) {
          expect(names.slice(0, at)).toContain(from);
          continue;
        }
        for (const source of sources) {
          expect([source, existsSync(join(root, source))]).toEqual([source, true]);
          expect([source, inContext(source)]).toEqual([source, true]);
        }
      }
    });
  });

  it.each(targets)('%s starts a file that is in its image', (target) => {
    const line = lineage(stages, target);
    const copies = line.flatMap(copiesOf);
    for (const command of [commandOf(line, 'CMD'), commandOf(line, 'HEALTHCHECK')]) {
      const script = command?.find((word) => /\.m?js$/.test(word));
      if (command === null) continue;
      expect(command[0]).toBe('node');
      const holder = copies.find(({ sources, from, target: to }) =>
        from === null
          ? sources.some((source) => basename(source) === script)
          : (script as string).startsWith(`${to}/`),
      );
      expect([script, holder !== undefined]).toEqual([script, true]);
      if (script?.startsWith('dist/')) expect(existsSync(join(root, sourceOf(script)))).toBe(true);
    }
    expect(commandOf(line, 'CMD')).not.toBeNull();
  });

  it.each(Object.keys(schemas))('%s runs as somebody, is checked, and listens where it says', (target) => {
    const line = lineage(stages, target);
    const of = (keyword: string) =>
      line
        .flatMap(({ instructions }) => instructions)
        .findLast((instruction) => instruction.keyword === keyword)?.args;
    const settings = services.find(({ name }) => name === target)?.settings;
    const port = settings?.find(({ env }) => env === 'PORT')?.schema.parse(undefined);
    expect(of('EXPOSE')).toBe(String(port));
    expect(of('USER')).toBe('node');
    expect(of('ENV')).toBe(`PORT=${of('EXPOSE')}`);
    expect(commandOf(line, 'HEALTHCHECK')).toEqual(['node', 'health.mjs']);
  });
});

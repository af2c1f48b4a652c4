/** Builds services and web client, each only when its sources changed since. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, childEnv } from './paths.mjs';
import { must } from './run.mjs';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.stamp');
/** Written by builds and installs, or read by tests only. */
const SKIP = new Set(['node_modules', 'dist', 'coverage', 'test', '.vite']);

const PARTS = {
  services: {
    script: 'build:services',
    sources: ['apps', 'libs', '.swcrc', 'package-lock.json'],
    skip: join(ROOT, 'apps', 'web'),
    result: join(DIST, 'apps'),
  },
  web: {
    script: 'build:web',
    sources: ['apps/web', 'libs/client/src', 'libs/contracts/src', 'package-lock.json'],
    skip: null,
    result: join(ROOT, 'apps', 'web', 'dist', 'index.html'),
  },
};

function filesOf(path, skip) {
  if (path === skip || !existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !SKIP.has(name))
    .sort()
    .flatMap((name) => filesOf(join(path, name), skip));
}

/** By content, because a checkout changes times and not what is in the files. */
function hashOf({ sources, skip }) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesOf(join(ROOT, source), skip))) {
    if (/\.(spec|int-spec)\.ts$/.test(file)) continue;
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function stamps() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

/** swc leaves the output of a source that is gone: a removed migration would still run. */
function removeOrphans(dir = DIST) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    const source = join(ROOT, relative(DIST, path));
    if (entry.isDirectory()) removeOrphans(path);
    else if (
      /\.js(\.map)?$/.test(path) &&
      !['.ts', '.js', '.mjs'].some((ext) => existsSync(source.replace(/\.js(\.map)?$/, ext)))
    ) {
      rmSync(path, { force: true });
    }
  }
}

/**
 * @param {(keyof PARTS)[]} [parts]
 * @returns {Promise<string[]>} what was built
 */
export async function build(parts = ['services', 'web']) {
  const stale = parts
    .map((name) => ({ name, ...PARTS[name], hash: hashOf(PARTS[name]) }))
    .filter(({ name, hash, result }) => stamps()[name] !== hash || !existsSync(result));
  await Promise.all(
    stale.map(({ script }) => must('npm', ['run', '--silent', script], { cwd: ROOT, env: childEnv() })),
  );
  if (stale.length) {
    mkdirSync(DIST, { recursive: true });
    if (stale.some(({ name }) => name === 'services')) removeOrphans();
    const built = Object.fromEntries(stale.map(({ name, hash }) => [name, hash]));
    writeFileSync(STAMP, `${JSON.stringify({ ...stamps(), ...built })}\n`);
  }
  return stale.map(({ name }) => name);
}

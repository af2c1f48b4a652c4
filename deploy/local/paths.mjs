/** The places everything in deploy/local agrees on. No npm dependency: it is used before `npm ci`. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(realpathSync(fileURLToPath(import.meta.url)))));
/** What `npm start` keeps between runs: engine data, logs, secrets. */
export const DATA_DIR = join(ROOT, '.data');
export const NODE_MODULES = join(ROOT, 'node_modules');

/** The Node.js that runs everything after the install: the pinned one, whatever started this script. */
export function nodeBin() {
  const pinned = join(NODE_MODULES, 'node', 'bin', 'node');
  return existsSync(pinned) ? pinned : process.execPath;
}

/** The environment in which `npm run …` and services find the pinned Node.js and local programs first. */
export function childEnv(extra = {}) {
  return { ...process.env, PATH: `${join(NODE_MODULES, '.bin')}:${process.env.PATH ?? ''}`, ...extra };
}

/**
 * Adds stubs to package-lock.json for platform packages a registry does not carry.
 *
 * A package such as @swc/core lists one optional dependency per platform. When a registry (a partial
 * mirror, say) lacks the one for a platform that isn't ours, `npm install` silently leaves it out of
 * the lock and every later `npm ci` fails with "Missing: … from lock file". A stub that names version
 * and platform is enough for npm to accept the lock; on the platform in question npm installs the
 * real package by that version.
 *
 *   node deploy/local/lock-stubs.mjs [--check] [path/to/package-lock.json]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './paths.mjs';

const OS = [
  'darwin',
  'linux',
  'win32',
  'android',
  'freebsd',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'aix',
];
const CPU = ['x64', 'arm64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32', 'mips64el'];
const OS_ALIAS = { windows: 'win32', win: 'win32', macos: 'darwin' };

/**
 * The platform a package is for, read from its name.
 * @param {string} name
 * @returns {{ os: string[], cpu: string[], libc?: string[] } | null} null when the name tells none
 */
export function platformOf(name) {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const os = words.map((word) => OS_ALIAS[word] ?? word).find((word) => OS.includes(word));
  const cpu = words.find((word) => CPU.includes(word));
  if (!os || !cpu) return null;
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : null;
  return os === 'linux' && libc ? { os: [os], cpu: [cpu], libc: [libc] } : { os: [os], cpu: [cpu] };
}

/** Where node would find `name` from the package at `from`, among the lock's packages. */
function isLocked(packages, from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (packages[base ? `${base}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (!base) return false;
  }
}

/**
 * The stubs a lock needs, keyed by their place in it.
 * @param {{ packages: Record<string, any> }} lock
 * @returns {{ stubs: Record<string, object>, unknown: string[] }}
 */
export function missingStubs(lock) {
  /** @type {Record<string, any>} */
  const stubs = {};
  const unknown = [];
  for (const [from, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(lock.packages, from, name)) continue;
      const version = /\d+\.\d+\.\d+\S*/.exec(String(range))?.[0];
      const platform = platformOf(name);
      if (!version || !platform) {
        unknown.push(`${name}@${range} (of ${from || 'the root'})`);
        continue;
      }
      const hoisted = `node_modules/${name}`;
      const place = !stubs[hoisted] || stubs[hoisted].version === version ? hoisted : `${from}/${hoisted}`;
      stubs[place] = {
        version,
        cpu: platform.cpu,
        ...(entry.dev ? { dev: true } : {}),
        ...(platform.libc ? { libc: platform.libc } : {}),
        optional: true,
        os: platform.os,
      };
    }
  }
  return { stubs, unknown };
}

function main(argv) {
  const check = argv.includes('--check');
  const file = argv.find((arg) => !arg.startsWith('--')) ?? join(ROOT, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const { stubs, unknown } = missingStubs(lock);
  const names = Object.keys(stubs);
  for (const one of unknown)
    console.error(`lock-stubs: cannot tell the platform of ${one}; add it to the lock by hand`);
  if (check) {
    for (const name of names) console.error(`lock-stubs: ${name} is missing from ${file}`);
    if (names.length) console.error('lock-stubs: run `node deploy/local/lock-stubs.mjs` and commit the lock');
    process.exitCode = names.length || unknown.length ? 1 : 0;
    return;
  }
  if (names.length) {
    const sorted = Object.entries({ ...lock.packages, ...stubs }).sort(([a], [b]) =>
      a.localeCompare(b, 'en'),
    );
    lock.packages = Object.fromEntries(sorted);
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  }
  console.log(`lock-stubs: ${names.length} added`);
  if (unknown.length) process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2));

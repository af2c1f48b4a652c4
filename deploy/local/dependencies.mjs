/** npm packages, from the lock, when node_modules is missing or was made from another lock. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_MODULES, ROOT } from './paths.mjs';
import { Problem, run } from './run.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const STAMP = join(NODE_MODULES, '.parley-lock');

const lockHash = () => createHash('sha256').update(readFileSync(LOCK)).digest('hex');

/** Whether what is installed is what the lock says. */
export function isInstalled() {
  if (!existsSync(NODE_MODULES)) return false;
  return (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === lockHash()) || adopted();
}

/**
 * Someone ran `npm ci` by hand: npm keeps its own account of what it put there. It names what is
 * installed, so every package of it has to be in the lock with the same version.
 */
function adopted() {
  const hidden = join(NODE_MODULES, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  const differs = Object.entries(locked).some(
    ([path, { version, optional, link }]) =>
      path.startsWith('node_modules/') && !optional && !link && installed[path]?.version !== version,
  );
  if (!differs) writeFileSync(STAMP, `${lockHash()}\n`);
  return !differs;
}

/** Installs from the lock. */
export async function installDependencies() {
  // The npm that started us, if one did: a machine can have several.
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const args = [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run(npm[0], args, { cwd: ROOT });
  // npm names the reason first; its usage text comes last.
  if (code !== 0)
    throw new Problem(`npm ci failed (exit ${code}):\n${output.trim().split('\n').slice(0, 20).join('\n')}`);
  writeFileSync(STAMP, `${lockHash()}\n`);
}

/** One instance per checkout: `.data/instance.json` names the one that runs. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from './run.mjs';

/** When a process started, in the kernel's clock: a pid alone may have passed to another since. */
function startTime(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Takes the lock, or says who has it.
 * @param {string} file
 * @returns {{ update: (facts: { url: string }) => void, release: () => void }}
 */
export function takeInstanceLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = { pid: process.pid, started: startTime(process.pid), url: null };
  for (;;) {
    try {
      writeFileSync(file, `${JSON.stringify(mine)}\n`, { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const holder = read(file);
    if (holder && isAlive(holder.pid) && startTime(holder.pid) === holder.started) {
      throw new Problem(
        `Parley ${holder.url ? `runs already at ${holder.url}` : 'is starting already'} from this folder (pid ${holder.pid})`,
      );
    }
    // Left behind by one that was killed.
    rmSync(file, { force: true });
  }
  return {
    update: (facts) => writeFileSync(file, `${JSON.stringify({ ...mine, ...facts })}\n`),
    release: () => {
      if (read(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

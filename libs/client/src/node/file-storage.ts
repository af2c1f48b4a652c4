import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelId } from '#contracts';
import { readStored, type OutboxStorage } from '../outbox-storage.js';

const RETRY_MS = 25;
/** A holder renews its lock three times within this; who doesn't is dead, also on another machine. */
const ABANDONED_MS = 15_000;
const SELF = `${hostname()} ${process.pid}`;

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

const take = (path: string): boolean => {
  try {
    writeFileSync(path, SELF, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
};

/** Null when there is no such file: another process was faster. */
const readText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
};

const isDead = (holder: string): boolean => {
  const [host, pid] = holder.split(' ');
  if (host !== hostname() || !pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
};

const isAbandoned = (path: string): boolean => {
  const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return since !== undefined && (Date.now() - since > ABANDONED_MS || isDead(readText(path) ?? ''));
};

const renew = (path: string): void => {
  try {
    utimesSync(path, new Date(), new Date());
  } catch (error) {
    // Taken away by somebody who thought us dead: the server knows messages by their ids.
    if (!isCode(error, 'ENOENT')) throw error;
  }
};

const exclusivelyIn =
  (folder: string) =>
  async <T>(channelId: ChannelId, task: () => Promise<T>): Promise<T> => {
    const path = join(folder, `${channelId}.lock`);
    while (!take(path)) {
      if (isAbandoned(path)) rmSync(path, { force: true });
      else await delay(RETRY_MS);
    }
    const renewal = setInterval(() => renew(path), ABANDONED_MS / 3);
    try {
      return await task();
    } finally {
      clearInterval(renewal);
      rmSync(path, { force: true });
    }
  };

/**
 * Keeps messages in a folder of their own, one file each, for programs: they survive a crash of the process,
 * and several processes may share the folder. It must lie on one machine's disk and belong to one account.
 */
export const fileStorage = (folder: string): OutboxStorage => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (id: string) => join(folder, `${id}.json`);
  return {
    load: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => readStored(readText(join(folder, name))))
        .filter((message) => message !== null)
        .sort((a, b) => a.position - b.position),
    put: (message) => {
      const file = fileOf(message.clientMessageId);
      // Nobody ever reads half a file.
      writeFileSync(`${file}.new`, JSON.stringify(message), { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    },
    remove: (id) => rmSync(fileOf(id), { force: true }),
    has: (id) => existsSync(fileOf(id)),
    exclusively: exclusivelyIn(folder),
  };
};

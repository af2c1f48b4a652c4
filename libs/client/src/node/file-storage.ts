import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelId } from '#contracts';
import { readStored, type OutboxStorage } from '../outbox-storage.js';

const RETRY_MS = 25;
/** A holder renews its lock three times within this; who doesn't is dead. */
const ABANDONED_MS = 15_000;

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

const take = (path: string): boolean => {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
};

const isAbandoned = (path: string): boolean => {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return age > ABANDONED_MS;
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
  const read = (name: string): string | null => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch (error) {
      // Sent by another process since the folder was listed.
      if (isCode(error, 'ENOENT')) return null;
      throw error;
    }
  };
  return {
    load: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => readStored(read(name)))
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

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { channelId, settle } from '../test/fakes.js';
import { fileStorage } from './node/file-storage.js';
import { localStorageAdapter, memoryStorage, type StoredMessage, type WebStorage } from './outbox-storage.js';

const stored = (id: string, position: number): StoredMessage => ({
  clientMessageId: id as StoredMessage['clientMessageId'],
  channelId: channelId(1),
  text: id,
  createdAt: '2026-01-15T09:30:00.000Z',
  failure: null,
  position,
});

const webStorage = (entries = new Map<string, string>()): WebStorage & { entries: Map<string, string> } => ({
  entries,
  get length() {
    return entries.size;
  },
  key: (i) => [...entries.keys()][i] ?? null,
  getItem: (key) => entries.get(key) ?? null,
  setItem: (key, value) => void entries.set(key, value),
  removeItem: (key) => void entries.delete(key),
});

const folders: string[] = [];
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'parley-outbox-')));
  return folders.at(-1) as string;
};
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true })));

describe.each([
  ['memoryStorage', memoryStorage],
  ['fileStorage', () => fileStorage(folder())],
  ['localStorageAdapter', () => localStorageAdapter('ada', webStorage())],
])('%s', (_, create) => {
  it('gives back what it was given, without what was removed', () => {
    const storage = create();
    storage.put(stored('a', 1));
    storage.put(stored('b', 2));
    storage.put({ ...stored('a', 1), failure: 'channel.archived' });
    storage.remove(stored('b', 2).clientMessageId);
    expect(storage.load()).toEqual([{ ...stored('a', 1), failure: 'channel.archived' }]);
  });

  it('knows what it holds', () => {
    const storage = create();
    storage.put(stored('a', 1));
    expect(storage.has(stored('a', 1).clientMessageId)).toBe(true);
    storage.remove(stored('a', 1).clientMessageId);
    expect(storage.has(stored('a', 1).clientMessageId)).toBe(false);
  });

  it('gives what the task gives, and lets go also when it fails', async () => {
    const storage = create();
    const failing = storage.exclusively(channelId(1), () => Promise.reject(new Error('mine')));
    await expect(failing).rejects.toThrow('mine');
    expect(await storage.exclusively(channelId(1), async () => 5)).toBe(5);
  });
});

const sharedFolder = folder();
const sharedMemory = memoryStorage();

describe.each([
  ['memoryStorage', () => sharedMemory],
  ['fileStorage', () => fileStorage(sharedFolder)],
])('two that share a %s', (_, open) => {
  it('take turns in a channel, and not in two', async () => {
    const [one, two] = [open(), open()];
    const log: string[] = [];
    let finish = () => {};
    const first = one.exclusively(channelId(1), async () => {
      log.push('first begins');
      await new Promise<void>((resolve) => (finish = resolve));
      log.push('first ends');
    });
    await settle();
    const second = two.exclusively(channelId(1), async () => void log.push('second'));
    await two.exclusively(channelId(2), async () => void log.push('elsewhere'));
    finish();
    await Promise.all([first, second]);
    expect(log).toEqual(['first begins', 'elsewhere', 'first ends', 'second']);
  });
});

describe('fileStorage', () => {
  it('loads in order of position, and passes over what it cannot read', () => {
    const path = folder();
    const storage = fileStorage(path);
    for (const position of [3, 1, 2]) storage.put(stored(`m${position}`, position));
    writeFileSync(join(path, 'half.json'), '{"text":');
    writeFileSync(join(path, 'm9.json.new'), JSON.stringify(stored('m9', 9)));
    expect(
      fileStorage(path)
        .load()
        .map((message) => message.position),
    ).toEqual([1, 2, 3]);
  });

  it.each([
    ['a process of this machine that is no more', `${hostname()} 999999999`, 0],
    ['somebody who has not been heard of for a minute', 'elsewhere 7', 60_000],
  ])('takes over the lock of %s', async (_, holder, ageMs) => {
    const path = folder();
    const lock = join(path, `${channelId(1)}.lock`);
    writeFileSync(lock, holder);
    const since = new Date(Date.now() - ageMs);
    utimesSync(lock, since, since);
    expect(await fileStorage(path).exclusively(channelId(1), async () => 'mine')).toBe('mine');
  });
});

describe('localStorageAdapter', () => {
  it('loads in order of position', () => {
    const storage = localStorageAdapter('ada', webStorage());
    for (const position of [3, 1, 2]) storage.put(stored(`m${position}`, position));
    expect(storage.load().map((message) => message.position)).toEqual([1, 2, 3]);
  });

  it('keeps one person apart from the next', () => {
    const shared = webStorage();
    localStorageAdapter('ada', shared).put(stored('a', 1));
    expect(localStorageAdapter('grace', shared).load()).toEqual([]);
  });

  it('keeps what another tab wrote', () => {
    const shared = webStorage();
    const [one, two] = [localStorageAdapter('ada', shared), localStorageAdapter('ada', shared)];
    one.put(stored('a', 1));
    two.put(stored('b', 2));
    expect(one.load()).toHaveLength(2);
  });

  it('passes over entries it cannot read', () => {
    const shared = webStorage(
      new Map([
        ['parley.outbox.ada.1', '{'],
        ['parley.outbox.ada.2', 'null'],
        ['parley.outbox.ada.3', '{"text":5}'],
        ['other', 'x'],
      ]),
    );
    const storage = localStorageAdapter('ada', shared);
    storage.put(stored('a', 1));
    expect(storage.load()).toEqual([stored('a', 1)]);
  });

  it('does without a storage that is full, forbidden or absent', () => {
    const full = {
      ...webStorage(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    for (const storage of [localStorageAdapter('ada', full), localStorageAdapter('ada')]) {
      expect(() => storage.put(stored('a', 1))).not.toThrow();
      expect(storage.load()).toEqual([]);
      // Nobody but this one knows it: it is still to be sent.
      expect(storage.has(stored('a', 1).clientMessageId)).toBe(true);
    }
  });
});

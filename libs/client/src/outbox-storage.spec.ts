import { describe, expect, it } from '@jest/globals';
import { channelId } from '../test/fakes.js';
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

describe.each([
  ['memoryStorage', memoryStorage],
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
    }
  });
});

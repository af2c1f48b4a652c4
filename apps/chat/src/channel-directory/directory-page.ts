import type { BrowseChannels } from '#contracts';
import { decodeCursor } from '#core';
import { foreignCursor } from '#platform';
import { isTimestamp } from '../paging/time-cursor.js';

export type DirectorySort = BrowseChannels['sort'];
export type DirectoryKey = readonly [string | number, string];

const ZERO = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FIRST: Record<DirectorySort, DirectoryKey> = {
  name: ['', ZERO],
  members: [2 ** 31 - 1, LAST],
  recent: ['infinity', LAST],
};

const fits: Record<DirectorySort, (key: string | number | undefined) => boolean> = {
  name: (key) => typeof key === 'string' && !key.includes('\u0000'),
  members: (key) => Number.isInteger(key) && Math.abs(key as number) < 2 ** 31,
  recent: isTimestamp,
};

/** Where the page begins. Throws `request.invalid` for what is not a cursor of this order. */
export const directoryStart = (sort: DirectorySort, cursor: string | undefined): DirectoryKey => {
  if (cursor === undefined) return FIRST[sort];
  const [key, id] = decodeCursor(cursor, 2) ?? [];
  if (key !== undefined && fits[sort](key) && typeof id === 'string' && uuid.test(id)) return [key, id];
  throw foreignCursor();
};

/** What people type, as a pattern for LIKE that finds it anywhere. Null when there is nothing to find. */
export const wordsPattern = (q: string | undefined): string | null => {
  const words = (q ?? '').normalize('NFKC').toLowerCase().replace(/^#/, '').trim();
  return words === '' ? null : `%${words.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
};

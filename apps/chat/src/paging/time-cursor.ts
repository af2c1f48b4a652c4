import { decodeCursor } from '#core';
import { foreignCursor } from '#platform';

const FIRST = ['-infinity', '00000000-0000-0000-0000-000000000000'] as const;
const NEWEST = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A timestamp as the API writes them. */
export const isTimestamp = (text: unknown): text is string =>
  typeof text === 'string' && time.test(text) && Number.isFinite(Date.parse(text));

/**
 * Where a list ordered by (time, id) goes on, or begins: with the first, or with the newest. Throws
 * `request.invalid` for what is not our cursor.
 */
export const timeCursor = (
  cursor: string | undefined,
  begin: 'first' | 'newest' = 'first',
): readonly [string, string] => {
  if (cursor === undefined) return begin === 'first' ? FIRST : NEWEST;
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  if (isTimestamp(at) && typeof id === 'string' && uuid.test(id)) return [at, id];
  throw foreignCursor();
};

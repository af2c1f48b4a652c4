import { decodeCursor } from '#core';
import { foreignCursor } from '#platform';

const FIRST = ['', '00000000-0000-0000-0000-000000000000'] as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a list ordered by (name, id) goes on. Throws `request.invalid` for what is not our cursor. */
export const nameCursor = (cursor: string | undefined): readonly [string, string] => {
  if (cursor === undefined) return FIRST;
  const [name, id] = decodeCursor(cursor, 2) ?? [];
  if (typeof name === 'string' && typeof id === 'string' && uuid.test(id) && !name.includes('\u0000'))
    return [name, id];
  throw foreignCursor();
};

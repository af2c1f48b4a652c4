import { decodeCursor } from '#core';
import { foreignCursor } from './foreign-cursor.js';

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a list that begins with the newest id goes on. Throws `request.invalid` for what is not our cursor. */
export const idCursor = (cursor: string | undefined): string => {
  if (cursor === undefined) return LAST;
  const [id] = decodeCursor(cursor, 1) ?? [];
  if (typeof id === 'string' && uuid.test(id)) return id;
  throw foreignCursor();
};

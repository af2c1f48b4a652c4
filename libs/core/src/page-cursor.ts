/** An opaque page cursor: the sort key of the last row, as base64url JSON. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** Null when the text is not a cursor of `length` parts. */
export const decodeCursor = (cursor: string, length: number): (string | number)[] | null => {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(key) || key.length !== length) return null;
    return key.every((part) => typeof part === 'string' || typeof part === 'number') ? key : null;
  } catch {
    return null;
  }
};

/** Cuts a page out of rows fetched with `limit + 1`. */
export const cutPage = <T>(rows: T[], limit: number, key: (row: T) => readonly (string | number)[]) => {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null };
};

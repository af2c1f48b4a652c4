import { MAX_EMOJI_PER_MESSAGE, type Reactor } from '#contracts';
import { decodeCursor } from '#core';
import { foreignCursor } from '#platform';
import { presentUser } from '../accounts/account.js';
import type { UserRow } from '../accounts/user-row.js';

/** `:name:` → `name`; null for an emoji of Unicode. */
export const customName = (emoji: string): string | null =>
  emoji.startsWith(':') && emoji.length > 2 ? emoji.slice(1, -1) : null;

/** Whether a message with these emoji has room for one more kind. */
export const hasRoomFor = (emoji: string, present: readonly string[]): boolean =>
  present.includes(emoji) || present.length < MAX_EMOJI_PER_MESSAGE;

export type ReactorRow = UserRow & { emoji: string; reactedAt: Date };

export const presentReactor = (row: ReactorRow, now: Date): Reactor => ({
  emoji: row.emoji,
  user: presentUser(row, now),
  reactedAt: row.reactedAt.toISOString(),
});

/** The place of a reaction in its list. */
export type ReactorKey = readonly [reactedAt: string, emoji: string, userId: string];
export const reactorKey = (row: ReactorRow): ReactorKey => [row.reactedAt.toISOString(), row.emoji, row.id];

const FIRST: ReactorKey = ['1970-01-01T00:00:00.000Z', '', '00000000-0000-0000-0000-000000000000'];
const TIME = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where the list goes on. Throws `request.invalid` for what is not our cursor. */
export const reactorCursor = (cursor: string | undefined): ReactorKey => {
  if (cursor === undefined) return FIRST;
  const [time, emoji, userId] = (decodeCursor(cursor, 3) ?? []).map(String);
  if (
    time !== undefined &&
    TIME.test(time) &&
    !Number.isNaN(Date.parse(time)) &&
    emoji !== undefined &&
    !emoji.includes('\u0000') &&
    emoji.isWellFormed() &&
    userId !== undefined &&
    UUID.test(userId)
  )
    return [time, emoji, userId];
  throw foreignCursor();
};

import type { SessionId, UserId } from '#contracts';

/** The built-in bot's account; the foundation migration creates it. */
export const BOT_USER_ID = '01900000-0000-7000-8000-000000000001' as UserId;
/** Bots have no session of their own; their tokens carry this one. */
export const BOT_SESSION_ID = '01900000-0000-7000-8000-000000000002' as SessionId;

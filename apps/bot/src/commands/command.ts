/** A slash command: `/name` and what follows it. `reply` is a pure function; null says nothing. */
export type Command = { name: string; description: string; reply: (args: string) => string | null };

export type Invocation = { name: string; args: string };

/** Reads `/name args` at the very start of a text; null for anything else. */
export const parseInvocation = (text: string): Invocation | null => {
  const found = /^\/([a-z][a-z0-9_-]{0,31})(?:\s+([^]*))?$/.exec(text);
  return found ? { name: found[1] as string, args: (found[2] ?? '').trimEnd() } : null;
};

/** Older messages are not answered: a bot that comes back after a day must not stir up yesterday's talk. */
export const MAX_AGE_MS = 5 * 60_000;

export const isFresh = (time: string, now: Date): boolean => now.getTime() - Date.parse(time) <= MAX_AGE_MS;

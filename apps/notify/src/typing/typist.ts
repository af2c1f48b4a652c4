import type { TypingStarted, TypingStopped } from '#contracts';

/** Somebody who writes somewhere, as the others are told of it. Times are in ms. */
export type Typist = {
  /** Writes until then unless they say so again; 0 when they write no more. */
  until: number;
  /** When the others were last told that they write. */
  toldAt: number;
  /** The others believe that they write. */
  shown: boolean;
};
/** What to tell the others. */
export type Telling = TypingStarted['type'] | TypingStopped['type'] | null;
export type Step = { typist: Typist; tell: Telling };

/** Told at most this often. */
export const TELL_EVERY_MS = 3000;
/** Without another word from them they have stopped. */
export const EXPIRES_MS = 6000;

const IDLE: Typist = { until: 0, toldAt: -Infinity, shown: false };

const tellIfDue = (typist: Typist, now: number): Step =>
  now - typist.toldAt >= TELL_EVERY_MS
    ? { typist: { ...typist, toldAt: now, shown: true }, tell: 'typing.started' }
    : { typist, tell: null };

/** They say that they write. */
export const started = (typist: Typist | undefined, now: number): Step =>
  tellIfDue({ ...(typist ?? IDLE), until: now + EXPIRES_MS }, now);

/** They have sent it, or given up. */
export const stopped = (typist: Typist): Step => ({
  typist: { ...typist, until: 0, shown: false },
  tell: typist.shown ? 'typing.stopped' : null,
});

/** Time has passed: who was not heard of has stopped, and who began again too soon is told of now. */
export const passed = (typist: Typist, now: number): Step => {
  if (typist.until <= now) return stopped(typist);
  return typist.shown ? { typist, tell: null } : tellIfDue(typist, now);
};

/** Nothing hangs on it any more. */
export const isOver = ({ until, toldAt, shown }: Typist, now: number): boolean =>
  !shown && until <= now && now - toldAt >= TELL_EVERY_MS;

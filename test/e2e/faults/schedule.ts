import { between, oneOf, randomFor, type Random } from './random.ts';

export const TARGETS = [
  'chat',
  'chat-2',
  'notify',
  'notify-2',
  'gateway',
  'nats',
  'redis',
  'postgres',
] as const;
export type Target = (typeof TARGETS)[number];
/** Killed with -9 and started again; frozen and woken; stopped in its orderly way and started again. */
export type FaultKind = 'kill' | 'pause' | 'restart';

export interface PlannedFault {
  /** Milliseconds after the beginning. */
  readonly at: number;
  readonly target: Target;
  readonly kind: FaultKind;
  /** How long it stays dead or frozen. */
  readonly forMs: number;
}

const LONGEST_PAUSE_MS = 15_000;
const LONGEST_DEATH_MS = 4_000;

/** All targets once in random order, again and again: none is left out by chance. */
function* rounds(random: Random): Generator<Target> {
  for (;;) {
    const left = [...TARGETS];
    while (left.length > 0) yield left.splice(Math.floor(random() * left.length), 1)[0] as Target;
  }
}

const durationOf = (random: Random, kind: FaultKind): number => {
  if (kind === 'pause') return between(random, 1_000, LONGEST_PAUSE_MS);
  return kind === 'kill' ? between(random, 0, LONGEST_DEATH_MS) : 0;
};

/**
 * What goes wrong and when: a pure function of the seed and the duration, so that a run can be repeated. One
 * fault in three begins while the one before lasts.
 */
export const scheduleOf = (seed: number, durationMs: number): PlannedFault[] => {
  const random = randomFor(seed, 'schedule');
  const faults: PlannedFault[] = [];
  const targets = rounds(random);
  for (let at = between(random, 500, 2_000); at < durationMs;) {
    const kind = oneOf(random, ['kill', 'kill', 'pause', 'restart'] as const);
    const forMs = durationOf(random, kind);
    const fault = { at, target: targets.next().value as Target, kind, forMs };
    // The last faults are over when the time is, whatever is left of it.
    faults.push({ ...fault, forMs: Math.min(forMs, Math.max(0, durationMs - at)) });
    const together = random() < 1 / 3;
    at += together ? between(random, 50, 1_500) : forMs + between(random, 1_000, 5_000);
  }
  return faults;
};

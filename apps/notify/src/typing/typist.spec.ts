import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EXPIRES_MS, isOver, passed, started, stopped, TELL_EVERY_MS, type Typist } from './typist.js';

type Said = { at: number; tell: 'typing.started' | 'typing.stopped' };
const script = fc.array(
  fc.record({ does: fc.constantFrom('start', 'stop', 'wait'), after: fc.integer({ min: 0, max: 4000 }) }),
  { maxLength: 60 },
);

/** Plays a script, letting time pass in steps of half a second, then until nothing is left to happen. */
const play = (steps: readonly { does: string; after: number }[]) => {
  const said: Said[] = [];
  const starts: number[] = [];
  let typist: Typist | undefined;
  let now = 0;
  const take = (step: { typist: Typist; tell: Said['tell'] | null }) => {
    typist = step.typist;
    if (step.tell) said.push({ at: now, tell: step.tell });
  };
  const pass = (until: number) => {
    while (now < until) {
      now = Math.min(until, now + 500);
      if (typist) take(passed(typist, now));
    }
  };
  for (const { does, after } of steps) {
    pass(now + after);
    if (does === 'start') {
      starts.push(now);
      take(started(typist, now));
    } else if (does === 'stop' && typist) take(stopped(typist));
  }
  pass(now + EXPIRES_MS + TELL_EVERY_MS);
  return { said, starts, typist, now };
};

describe('somebody who types', () => {
  it('is told of at once, again while it lasts, and not for longer than they were heard of', () => {
    const starts = [0, 1000, 2000, 3000, 4000].map((at) => ({ does: 'start', after: at === 0 ? 0 : 1000 }));
    expect(play(starts).said).toEqual([
      { at: 0, tell: 'typing.started' },
      { at: 3000, tell: 'typing.started' },
      { at: 10_000, tell: 'typing.stopped' },
    ]);
  });

  it('has stopped when they say so, and is told of again as soon as that is due', () => {
    const steps = [
      { does: 'start', after: 0 },
      { does: 'stop', after: 1000 },
      { does: 'start', after: 500 },
      { does: 'wait', after: 2000 },
      { does: 'stop', after: 0 },
    ];
    expect(play(steps).said).toEqual([
      { at: 0, tell: 'typing.started' },
      { at: 1000, tell: 'typing.stopped' },
      { at: 3000, tell: 'typing.started' },
      { at: 3500, tell: 'typing.stopped' },
    ]);
  });

  it('is never told of more often than every three seconds, and always ends', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const { said, starts, typist, now } = play(steps);
        const beginnings = said.filter(({ tell }) => tell === 'typing.started');
        for (const [index, { at }] of beginnings.entries())
          if (index > 0) expect(at - (beginnings[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(TELL_EVERY_MS);
        // Each end follows a beginning, and the last word is an end.
        for (const [index, { tell }] of said.entries())
          if (tell === 'typing.stopped') expect(said[index - 1]?.tell).toBe('typing.started');
        if (starts.length > 0) expect(said.at(0)?.tell).toBe('typing.started');
        expect(said.length === 0 || said.at(-1)?.tell === 'typing.stopped').toBe(true);
        if (typist) expect(isOver(typist, now)).toBe(true);
      }),
    );
  });
});

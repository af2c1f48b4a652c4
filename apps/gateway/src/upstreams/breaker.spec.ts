import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Breaker } from './breaker.js';

const options = { failures: 3, openMs: 100, maxOpenMs: 350 };
const setUp = () => {
  const clock = { ms: 0 };
  return { clock, breaker: new Breaker(() => clock.ms, options) };
};
const fail = (breaker: Breaker, times: number) => {
  for (let i = 0; i < times; i += 1) {
    breaker.admit();
    breaker.failure();
  }
};

describe('Breaker', () => {
  it('opens after failures in a row, not after as many with a success between', () => {
    const { breaker } = setUp();
    fail(breaker, 2);
    breaker.success();
    fail(breaker, 2);
    expect(breaker.state).toBe('closed');
    fail(breaker, 1);
    expect(breaker.state).toBe('open');
    expect(breaker.admits).toBe(false);
    expect(breaker.retryAfterMs).toBe(100);
  });

  it('lets one probe through, and closes when it succeeds', () => {
    const { breaker, clock } = setUp();
    fail(breaker, 3);
    clock.ms = 100;
    expect(breaker.state).toBe('half-open');
    breaker.admit();
    expect(breaker.admits).toBe(false);
    breaker.success();
    expect(breaker.state).toBe('closed');
    expect(breaker.admits).toBe(true);
  });

  it('waits twice as long after each failed probe, up to a bound', () => {
    const { breaker, clock } = setUp();
    fail(breaker, 3);
    for (const pause of [200, 350, 350]) {
      clock.ms += 1000;
      fail(breaker, 1);
      expect(breaker.retryAfterMs).toBe(pause);
    }
  });

  it('lets the next probe through when one tells nothing', () => {
    const { breaker, clock } = setUp();
    fail(breaker, 3);
    clock.ms = 100;
    breaker.admit();
    breaker.abandon();
    expect(breaker.admits).toBe(true);
  });

  it('never admits while open, and always admits again some time after', () => {
    const step = fc.oneof(fc.constantFrom('success', 'failure', 'abandon'), fc.integer({ min: 1, max: 120 }));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { breaker, clock } = setUp();
        for (const action of steps) {
          if (typeof action === 'number') clock.ms += action;
          else if (breaker.admits) {
            breaker.admit();
            breaker[action as 'success']();
          }
          if (breaker.state === 'open') expect(breaker.admits).toBe(false);
        }
        clock.ms += options.maxOpenMs;
        expect(breaker.admits).toBe(true);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { Balancer } from './balancer.js';
import { Upstream } from './upstream.js';

const setUp = (count: number) => {
  const upstreams = Array.from(
    { length: count },
    (_, i) => new Upstream(`http://127.0.0.1:${1000 + i}`, () => undefined),
  );
  return { upstreams, balancer: new Balancer(upstreams) };
};
const breakOpen = (upstream: Upstream | undefined) => {
  for (let i = 0; i < 5; i += 1) upstream?.breaker.failure();
};

describe('Balancer', () => {
  it('goes round while all are equally busy', () => {
    const { balancer, upstreams } = setUp(3);
    expect(new Set([balancer.pick(), balancer.pick(), balancer.pick()])).toEqual(new Set(upstreams));
  });

  it('prefers the least busy', () => {
    const { balancer, upstreams } = setUp(3);
    upstreams.forEach((upstream, i) => (upstream.inFlight = 3 - i));
    expect([balancer.pick(), balancer.pick()]).toEqual([upstreams[2], upstreams[2]]);
  });

  it('leaves out open breakers and the one that was tried', () => {
    const { balancer, upstreams } = setUp(3);
    breakOpen(upstreams[0]);
    expect(balancer.pick(upstreams[1])).toBe(upstreams[2]);
  });

  it('has nothing to offer when every breaker is open, and says until when', () => {
    const { balancer, upstreams } = setUp(2);
    upstreams.forEach(breakOpen);
    expect(balancer.pick()).toBeUndefined();
    expect(balancer.retryAfterSeconds).toBe(1);
  });

  it('offers nothing without upstreams', () => {
    expect(setUp(0).balancer.pick()).toBeUndefined();
  });
});

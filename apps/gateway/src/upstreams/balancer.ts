import type { Upstream } from './upstream.js';

/** The processes of one service. Picks the least busy one that its breaker admits; ties go round. */
export class Balancer {
  private turn = 0;

  constructor(readonly upstreams: readonly Upstream[]) {}

  /** Admits a request to the chosen upstream. `except` was tried already. */
  pick(except?: Upstream): Upstream | undefined {
    const { upstreams } = this;
    let best: Upstream | undefined;
    this.turn = (this.turn + 1) % upstreams.length;
    for (let i = 0; i < upstreams.length; i += 1) {
      const upstream = upstreams[(this.turn + i) % upstreams.length] as Upstream;
      if (upstream === except || !upstream.breaker.admits) continue;
      if (!best || upstream.inFlight < best.inFlight) best = upstream;
    }
    best?.breaker.admit();
    return best;
  }

  /** Seconds until one of them may admit again, at least one. */
  get retryAfterSeconds(): number {
    const soonest = Math.min(...this.upstreams.map((upstream) => upstream.breaker.retryAfterMs));
    return Math.max(1, Math.ceil(soonest / 1000));
  }
}

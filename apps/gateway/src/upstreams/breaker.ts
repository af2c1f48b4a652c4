export type BreakerState = 'closed' | 'open' | 'half-open';
export type BreakerOptions = { failures: number; openMs: number; maxOpenMs: number };

export const BREAKER_DEFAULTS: BreakerOptions = { failures: 5, openMs: 1000, maxOpenMs: 8000 };

/**
 * Closed until `failures` in a row, then open; after a pause one probe is let through, and its outcome
 * closes the breaker or doubles the pause. Every `admit` must be followed by one of the three outcomes.
 */
export class Breaker {
  private failed = 0;
  private openUntil = 0;
  private pause: number;
  private probing = false;

  constructor(
    private readonly now: () => number,
    private readonly options: BreakerOptions = BREAKER_DEFAULTS,
  ) {
    this.pause = options.openMs;
  }

  get state(): BreakerState {
    if (this.failed < this.options.failures) return 'closed';
    return this.now() < this.openUntil ? 'open' : 'half-open';
  }

  get admits(): boolean {
    const { state } = this;
    return state === 'closed' || (state === 'half-open' && !this.probing);
  }

  /** Milliseconds until it may admit again. */
  get retryAfterMs(): number {
    return Math.max(0, this.openUntil - this.now());
  }

  admit(): void {
    if (this.failed >= this.options.failures) this.probing = true;
  }

  success(): void {
    this.failed = 0;
    this.probing = false;
    this.pause = this.options.openMs;
  }

  failure(): void {
    this.failed += 1;
    if (this.failed < this.options.failures) return;
    if (this.failed > this.options.failures && this.probing) {
      this.pause = Math.min(this.pause * 2, this.options.maxOpenMs);
    }
    this.probing = false;
    this.openUntil = this.now() + this.pause;
  }

  /** It ended without telling anything about the upstream: the client left, say. */
  abandon(): void {
    this.probing = false;
  }
}

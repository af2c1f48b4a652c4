import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const AFTER_MS = 4000;
const QUIET_MS = 1000;

type Collector = (options?: { type: 'major'; execution: 'sync'; flavor: 'regular' | 'last-resort' }) => void;

/** V8 has no other door to its collector for a process that was started without the flag. */
const collector = (): Collector => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as Collector;
  setFlagsFromString('--no-expose-gc');
  return gc;
};

/** The usual collection leaves the young generation as large as it has grown, which may be 64 MB. */
const giveBack = (): void => collector()({ type: 'major', execution: 'sync', flavor: 'last-resort' });

/**
 * Loading modules leaves some 30 MB of garbage behind, which V8 keeps until the heap grows: on an idle
 * service for ever. One collection, once the start is over, gives it back.
 */
export const returnStartupMemory = (): void => {
  setTimeout(() => collector()(), AFTER_MS).unref();
};

/**
 * Gives back what a wave leaves behind: thousands of requests at once make the heap several times as large as
 * what then lives in it. It takes a pause of a tenth of a second or so, and therefore waits until the wave is over.
 */
export class WaveMemory {
  private grown = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    /** Fewer than this are no wave. */
    private readonly wave: number,
    private readonly give: () => void = giveBack,
    private readonly quietMs = QUIET_MS,
  ) {}

  /** One more of what comes in waves. */
  note(): void {
    this.grown++;
    if (this.grown >= this.wave && !this.timer) this.await(this.grown);
  }

  private await(seen: number): void {
    this.timer = setTimeout(() => {
      if (this.grown > seen) return this.await(this.grown);
      this.timer = null;
      this.grown = 0;
      this.give();
    }, this.quietMs).unref();
  }
}

import { setInterval } from 'node:timers';
import type { Instance } from '../../deploy/local/instance.mjs';
import { residentKilobytes } from '../measure/processes.ts';
import { median } from '../measure/statistics.ts';

export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly megabytes: number;
}

/** By how much the line that fits the samples best rises from the first to the last of them. */
export function rise(samples: readonly Sample[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || first === last) return Number.NaN;
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [time, size] = [mean(({ at }) => at), mean(({ megabytes }) => megabytes)];
  const covariance = mean(({ at, megabytes }) => (at - time) * (megabytes - size));
  const variance = mean(({ at }) => (at - time) ** 2);
  return (covariance / variance) * (last.at - first.at);
}

export const middle = (samples: readonly Sample[]): number =>
  median(samples.map(({ megabytes }) => megabytes));
export const highest = (samples: readonly Sample[]): number =>
  Math.max(...samples.map(({ megabytes }) => megabytes));

/** Resident memory of processes over time. */
export class MemoryWatch {
  readonly #instance: Instance;
  readonly #samples = new Map<string, Sample[]>();
  readonly #timer: NodeJS.Timeout;

  constructor(instance: Instance, names: readonly string[], everyMs: number) {
    this.#instance = instance;
    for (const name of names) this.#samples.set(name, []);
    this.#timer = setInterval(() => this.#sample(), everyMs);
  }

  #sample(): void {
    for (const [name, samples] of this.#samples) {
      const pid = this.#instance.pids[name];
      const megabytes = pid === undefined ? 0 : residentKilobytes(pid) / 1_024;
      if (megabytes > 0) samples.push({ at: Date.now(), megabytes });
    }
  }

  /** Those of a process from a time on. */
  since(name: string, from: number): Sample[] {
    return (this.#samples.get(name) ?? []).filter(({ at }) => at >= from);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

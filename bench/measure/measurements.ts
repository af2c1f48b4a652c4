import { median, pairedRatio, spread } from './statistics.ts';

/** What was measured, round by round: subject × metric → one value per round. */
export class Measurements {
  readonly #values = new Map<string, number[]>();
  readonly problems = new Set<string>();

  add(subject: string, metric: string, value: number): void {
    const key = `${subject}\n${metric}`;
    this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
  }

  of(subject: string, metric: string): readonly number[] {
    return this.#values.get(`${subject}\n${metric}`) ?? [];
  }

  median(subject: string, metric: string): number {
    return median(this.of(subject, metric));
  }

  /** Metrics of a subject that start with the prefix, without it. */
  metrics(subject: string, prefix: string): string[] {
    const start = `${subject}\n${prefix}`;
    return [...this.#values.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length));
  }

  ratio(subject: string, peer: string, metric: string): number {
    return pairedRatio(this.of(subject, metric), this.of(peer, metric));
  }

  /** Median and spread, for a table. */
  figure(subject: string, metric: string, digits = 0): string {
    const values = this.of(subject, metric).filter((value) => !Number.isNaN(value));
    if (values.length === 0) return '–';
    const text = formatNumber(median(values), digits);
    return values.length === 1 ? text : `${text} ± ${Math.round(spread(values) * 100)} %`;
  }
}

export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

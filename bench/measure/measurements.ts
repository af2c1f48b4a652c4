import { median, pairedRatio, spread } from './statistics.ts';

/** Share of the machine that others may use before a run is called disturbed. */
const DISTURBED = 0.1;

/** What was measured, round by round: subject × metric → at most one value per round. */
export class Measurements {
  readonly #values = new Map<string, number[]>();
  readonly problems = new Set<string>();
  /** Per run, the share of the machine that processes outside the benchmark used. */
  readonly disturbance: number[] = [];
  /** Values added belong to this round; a round that turned out invalid just has none. */
  round = 0;

  add(subject: string, metric: string, value: number): void {
    const key = `${subject}\n${metric}`;
    const rounds = this.#values.get(key) ?? [];
    rounds[this.round] = value;
    this.#values.set(key, rounds);
  }

  /** By round; rounds without a value are not a number. */
  #rounds(subject: string, metric: string): number[] {
    return Array.from(this.#values.get(`${subject}\n${metric}`) ?? [], (value) => value ?? Number.NaN);
  }

  of(subject: string, metric: string): readonly number[] {
    return this.#rounds(subject, metric).filter((value) => !Number.isNaN(value));
  }

  median(subject: string, metric: string): number {
    return median(this.of(subject, metric));
  }

  /** What makes the figures doubtful, in sentences. */
  complaints(): string[] {
    const disturbed = this.disturbance.filter((share) => share > DISTURBED);
    if (disturbed.length === 0) return [...this.problems];
    const most = Math.min(100, Math.round(Math.max(...disturbed) * 100));
    const runs = `${disturbed.length} of ${this.disturbance.length} runs`;
    return [
      `**Disturbed**: other processes used up to ${most} % of the machine in ${runs}.`,
      ...this.problems,
    ];
  }

  /** Metrics of a subject that start with the prefix, without it. */
  metrics(subject: string, prefix: string): string[] {
    const start = `${subject}\n${prefix}`;
    return [...this.#values.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length));
  }

  ratio(subject: string, peer: string, metric: string): number {
    return pairedRatio(this.#rounds(subject, metric), this.#rounds(peer, metric));
  }

  /** Median and spread, for a table. */
  figure(subject: string, metric: string, digits = 0): string {
    const values = this.of(subject, metric);
    if (values.length === 0) return '–';
    const text = formatNumber(median(values), digits);
    return values.length === 1 ? text : `${text} ± ${Math.round(spread(values) * 100)} %`;
  }
}

export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

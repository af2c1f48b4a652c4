import { parseArgs } from 'node:util';

export const SCENARIOS = ['send', 'latency', 'fanout', 'resume', 'idle', 'reading'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface Options {
  readonly scenarios: readonly ScenarioName[];
  /** Short windows and one round: shows that everything works, not how fast it is. */
  readonly quick: boolean;
  readonly rounds: number;
  /** Leaves the product out: the peers among themselves. */
  readonly peersOnly: boolean;
  /** All five services and the background work, not only those a message passes. */
  readonly complete: boolean;
  /** Appends the results to docs/benchmarks.md. */
  readonly write: boolean;
}

export const USAGE = `npm run bench -- [${SCENARIOS.join('|')} …] [options]

  --quick     one round with short windows: checks the machinery, the figures are rough
  --rounds=N  alternating rounds (3, with --quick 1)
  --peers     only the peers, without the product
  --complete  all five services with background work, not only those on a message's path
  --dry       don't append to docs/benchmarks.md`;

function isScenario(name: string): name is ScenarioName {
  return (SCENARIOS as readonly string[]).includes(name);
}

/** Throws with a message for the user. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      peers: { type: 'boolean', default: false },
      complete: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
    },
  });
  const scenarios = positionals.filter(isScenario);
  const unknown = positionals.filter((name) => !isScenario(name));
  if (unknown.length > 0) throw new Error(`There is no scenario "${unknown.join('", "')}".\n\n${USAGE}`);
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 20)
    throw new Error('--rounds is a number from 1 to 20.');
  return {
    scenarios: scenarios.length > 0 ? scenarios : SCENARIOS,
    quick: values.quick,
    rounds,
    peersOnly: values.peers,
    complete: values.complete,
    write: !values.dry && !values.peers,
  };
}

/**
 * People and devices against everything that can break, judged afterwards:
 *
 *   npm run test:faults -- --minutes 30 [--seed 7] [--plant drop|reorder|leak] [--keep history.json]
 */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    plant: { type: 'string' },
    keep: { type: 'string' },
  },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const minutes = Number(values.minutes);
const { plant } = values;

// What follows uses the contracts as they are built.
const script = new URL('../../../deploy/local/build.mjs', import.meta.url).href;
const { build } = (await import(script)) as { build: (parts: string[]) => Promise<unknown> };
await build(['services']);
const { check, summary } = await import('./checker.ts');
const { isPlant, PLANTS } = await import('./plants.ts');
const { runTrial } = await import('./trial.ts');

if (!Number.isSafeInteger(seed) || !(minutes > 0) || (plant !== undefined && !isPlant(plant))) {
  console.error(`--minutes and --seed are numbers, --plant is one of ${Object.keys(PLANTS).join(', ')}`);
  process.exit(2);
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

const since = Date.now();
const say = (line: string) =>
  console.log(`${((Date.now() - since) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
console.log(`seed ${seed}, ${minutes} minutes${plant ? `, with a planted ${plant}` : ''}`);
const history = await runTrial({
  seed,
  durationMs: minutes * 60_000,
  say,
  signal: stopping.signal,
  ...(plant ? { plant: PLANTS[plant] } : {}),
});
if (values.keep) writeFileSync(values.keep, JSON.stringify(history));
console.log(summary(history));
const violations = check(history);
for (const { rule, what } of violations.slice(0, SHOWN)) console.log(`VIOLATION (${rule}): ${what}`);
if (violations.length > SHOWN) console.log(`… and ${violations.length - SHOWN} more`);
console.log(
  violations.length === 0
    ? `no violation; repeat with --seed ${seed} --minutes ${minutes}`
    : `${violations.length} violations; repeat with --seed ${seed} --minutes ${minutes}`,
);
process.exit(violations.length === 0 ? 0 : 1);

/**
 * Many streams for a long time, with traffic, slow readers and restarts:
 *
 *   npm run soak -- --minutes 45 --streams 2000 [--rate 5] [--dry]
 *
 * Appends its result to docs/benchmarks.md, unless --dry, and fails when a goal is missed.
 */
import { parseArgs } from 'node:util';
import { interruption, stopAll } from '../measure/children.ts';
import { describeCommit, describeMachine } from '../measure/machine.ts';
import { passed, renderResult } from '../measure/report.ts';
import { record } from '../record.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '45' },
    streams: { type: 'string', default: '2000' },
    rate: { type: 'string', default: '5' },
    dry: { type: 'boolean', default: false },
  },
});
const options = {
  minutes: Number(values.minutes),
  streams: Number(values.streams),
  rate: Number(values.rate),
};
if (!Object.values(options).every((value) => value > 0)) {
  console.error('--minutes, --streams and --rate are numbers above 0.');
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    interruption.abort();
    void stopAll().finally(() => process.exit(130));
  });

try {
  const result = await soak(options);
  const text = renderResult(result, {
    date: new Date().toISOString().slice(0, 10),
    commit: describeCommit(),
    machine: describeMachine(),
    command: `npm run soak -- --minutes ${options.minutes} --streams ${options.streams} --rate ${options.rate}`,
    rounds: 1,
  });
  console.log(text);
  if (!values.dry) record(text);
  if (result.verdicts.some((verdict) => passed(verdict) === false)) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
} finally {
  await stopAll();
}
process.exit();

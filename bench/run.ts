import { interruption, stopAll } from './measure/children.ts';
import { describeCommit, describeMachine } from './measure/machine.ts';
import { renderResult, type Result } from './measure/report.ts';
import { parseOptions, type Options, type ScenarioName } from './options.ts';
import { record } from './record.ts';
import { fanout } from './scenarios/fanout.ts';
import { idle } from './scenarios/idle.ts';
import { latency } from './scenarios/latency.ts';
import { reading } from './scenarios/reading.ts';
import { resume } from './scenarios/resume.ts';
import { send } from './scenarios/send.ts';

const scenarios: Record<ScenarioName, (options: Options) => Promise<Result>> = {
  send,
  latency,
  fanout,
  resume,
  idle,
  reading,
};

function optionsOrExit(args: readonly string[]): Options {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const options = optionsOrExit(args);
  for (const name of options.scenarios) {
    console.error(`${name} …`);
    const started = performance.now();
    const result = await scenarios[name](options);
    const text = renderResult(result, {
      date: new Date().toISOString().slice(0, 10),
      commit: describeCommit(),
      machine: describeMachine(),
      command: ['npm run bench --', name, ...args.filter((argument) => argument.startsWith('--'))].join(' '),
      rounds: options.rounds,
    });
    console.log(text);
    console.error(`${name} took ${Math.round((performance.now() - started) / 1000)} s`);
    if (options.write) record(text);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    interruption.abort();
    void stopAll().finally(() => process.exit(130));
  });

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
} finally {
  await stopAll();
}
process.exit();

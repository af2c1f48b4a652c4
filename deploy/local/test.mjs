/**
 * `npm test`: everything that has to hold, on engines of its own with throwaway data.
 *
 *   npm test                        all suites
 *   npm test -- --only lint,unit    some of them
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install } from './install.mjs';
import { findProgram, startInstance } from './instance.mjs';
import { ROOT, childEnv } from './paths.mjs';
import { Progress } from './progress.mjs';
import { Reaper } from './reaper.mjs';
import { Problem } from './run.mjs';
import { SUITES } from './test-suites.mjs';

/** A suite that takes longer hangs. */
const SUITE_TIMEOUT = 45 * 60_000;

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = options.only?.split(',');
const unknown = wanted?.filter((name) => !SUITES.some((suite) => suite.name === name)) ?? [];
if (unknown.length) {
  console.error(
    `No suite is called ${unknown.join(', ')}; there are ${SUITES.map(({ name }) => name).join(', ')}`,
  );
  process.exit(1);
}
const suites = SUITES.filter(({ name }) => !wanted || wanted.includes(name));

const progress = new Progress();
const reaper = new Reaper();
const dir = mkdtempSync(join(tmpdir(), 'parley-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {Promise<import('./instance.mjs').Instance> | undefined} */
let engines;
/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

/** Signals the suite that runs with all it started: each has a process group of its own. */
function signalSuite(name) {
  if (!running?.pid) return;
  try {
    process.kill(-running.pid, name);
  } catch {
    // It ended meanwhile.
  }
}

async function finish(code) {
  signalSuite('SIGTERM');
  await engines?.then((instance) => instance.stop()).catch(() => undefined);
  rmSync(dir, { recursive: true, force: true });
  reaper.close();
  process.exit(code);
}
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(name, () => void finish(130));

/** @param {Record<string, string>} env */
function executor(env) {
  return (command, args) =>
    new Promise((resolve) => {
      const child = spawn(command, args, {
        cwd: ROOT,
        env: childEnv(env),
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running = child;
      if (child.pid) reaper.watch(child.pid);
      let output = '';
      child.stdout.on('data', (data) => (output += data));
      child.stderr.on('data', (data) => (output += data));
      const timer = setTimeout(() => {
        output += `\nended after ${SUITE_TIMEOUT / 60_000} minutes`;
        signalSuite('SIGKILL');
      }, SUITE_TIMEOUT);
      const end = (code) => {
        clearTimeout(timer);
        running = undefined;
        if (child.pid) reaper.forget(child.pid);
        resolve({ code, output });
      };
      child.once('error', (error) => {
        output += error.message;
        end(127);
      });
      child.once('close', (code) => end(code ?? 1));
    });
}

async function environment({ engines: needsEngines }) {
  const env = {
    NATS_SERVER_BIN: findProgram('nats-server'),
    REDIS_SERVER_BIN: findProgram('redis-server'),
    CHROMIUM_BIN: findProgram('chromium'),
  };
  if (!needsEngines) return env;
  const { postgres, clickhouse } = (await engines)?.engines ?? {};
  return { ...env, TEST_POSTGRES_URL: postgres.url, TEST_CLICKHOUSE_URL: clickhouse.url };
}

async function runSuite(suite) {
  const since = performance.now();
  const outcome = await environment(suite)
    .then((env) => suite.run({ exec: executor(env), dir }))
    .catch((error) => ({
      passed: 0,
      failed: 1,
      skipped: 0,
      details: error instanceof Problem ? error.message : String(error.stack),
    }));
  for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[key] += outcome[key];
  if (outcome.failed && outcome.details) console.log(`\n${outcome.details}\n`);
  const seconds = `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const counts = `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`;
  progress.say(
    [outcome.failed ? '✗' : '✓', suite.name.padEnd(10), seconds.padStart(8), ` ${counts}`, outcome.note ?? '']
      .join(' ')
      .trimEnd(),
  );
}

try {
  await install({ programs: ['nats-server', 'redis-server', 'chromium'], progress });
  if (suites.some((suite) => suite.engines)) {
    // Nothing here outlives the run, so nothing needs to reach the disk.
    engines = startInstance({ services: [], engines: ['postgres', 'clickhouse'], durable: false });
    engines.catch(() => undefined);
  }
  for (const suite of suites) await runSuite(suite);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  await finish(total.failed === 0 ? 0 : 1);
} catch (error) {
  console.error(error instanceof Problem ? error.message : error);
  await finish(1);
}

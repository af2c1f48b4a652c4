/** What `npm test` runs, in order, and how the outcome of each is read. */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { ROOT, nodeBin } from './paths.mjs';
import { Problem } from './run.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} [note] on the summary line
 * @property {string} [details] printed when something failed
 *
 * @typedef {object} Context
 * @property {(command: string, args: string[]) => Promise<{ code: number, output: string }>} exec
 * @property {string} dir for result files
 *
 * @typedef {{ name: string, engines?: boolean, run: (context: Context) => Promise<Outcome> }} Suite
 */

const last = (output, lines = 200) => output.trimEnd().split('\n').slice(-lines).join('\n');

/** One command that is right or wrong as a whole. @returns {Suite} */
function check(name, command, ...args) {
  return {
    name,
    run: async ({ exec }) => {
      const { code, output } = await exec(command, args);
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, details: last(output) };
    },
  };
}

/** Tests counted from the JSON that jest and vitest both write. */
function read(file, { code, output }) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, details: last(output) };
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const skipped = result.numPendingTests + (result.numTodoTests ?? 0);
  const files = result.testResults.filter(({ status }) => status === 'failed');
  // A file that could not even be loaded has no test in it that could fail; neither has a missed threshold.
  const broken = files.filter(
    ({ assertionResults }) => !assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failed = result.numFailedTests + broken;
  return {
    passed: result.numPassedTests,
    failed: failed || (code === 0 ? 0 : 1),
    skipped,
    details: files.length ? files.map((one) => `${one.name}\n${one.message}`).join('\n') : last(output),
  };
}

function lineCoverage(since) {
  const file = join(ROOT, 'coverage', 'coverage-summary.json');
  if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < since) return undefined;
  return `line coverage ${JSON.parse(readFileSync(file, 'utf8')).total.lines.pct} %`;
}

/** @returns {Suite} */
function tests(name, script, { engines = false, args = ['--json'], coverage = false } = {}) {
  return {
    name,
    engines,
    run: async ({ exec, dir }) => {
      const since = Date.now();
      const file = join(dir, `${name}.json`);
      rmSync(file, { force: true });
      const outcome = read(
        file,
        await exec('npm', ['run', '--silent', script, '--', ...args, `--outputFile=${file}`]),
      );
      return { ...outcome, note: coverage ? lineCoverage(since) : undefined };
    },
  };
}

/** @type {Suite[]} */
export const SUITES = [
  check('lock', nodeBin(), join(ROOT, 'deploy', 'local', 'lock-stubs.mjs'), '--check'),
  check('format', 'npm', 'run', '--silent', 'format:check'),
  check('lint', 'npm', 'run', '--silent', 'lint'),
  check('types', 'npm', 'run', '--silent', 'types'),
  check('arch', 'npm', 'run', '--silent', 'arch'),
  check('contracts', 'npm', 'run', '--silent', 'openapi:check'),
  {
    name: 'build',
    run: async () => {
      try {
        const built = await build();
        return { passed: 1, failed: 0, skipped: 0, note: built.join(', ') || 'up to date' };
      } catch (error) {
        return {
          passed: 0,
          failed: 1,
          skipped: 0,
          details: error instanceof Problem ? error.message : String(error),
        };
      }
    },
  },
  {
    name: 'local',
    run: async ({ exec }) => {
      const { code, output } = await exec(nodeBin(), [
        '--test',
        '--test-reporter=tap',
        join(ROOT, 'deploy', 'local', '*.spec.mjs'),
      ]);
      const count = (word) => Number(new RegExp(`^# ${word} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
      return {
        passed: count('pass'),
        failed: count('fail') || (code === 0 ? 0 : 1),
        skipped: count('skipped'),
        details: last(output),
      };
    },
  },
  tests('unit', 'test:services', { engines: true, coverage: true }),
  tests('web', 'test:web', { args: ['--reporter=default', '--reporter=json'] }),
  tests('e2e', 'test:e2e'),
];

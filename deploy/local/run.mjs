/** Runs a command to its end. No npm dependency: it is used before `npm ci`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Commands under way: they end with this process. @type {Set<import('node:child_process').ChildProcess>} */
const underWay = new Set();
process.on('exit', () => {
  for (const child of underWay) child.kill();
});

/** A problem the reader can act on: printed as its message alone, without a stack. */
export class Problem extends Error {}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.input] written to its standard input
 * @param {boolean} [options.show] its output goes to ours instead of being returned
 * @param {{ uid?: number, gid?: number }} [options.user]
 * @returns {Promise<{ code: number, output: string }>} never rejects for a failing command: see `must`
 */
export async function run(command, args, { cwd, env = process.env, input, show = false, user } = {}) {
  const child = spawn(command, args, {
    cwd,
    env,
    ...user,
    stdio: ['pipe', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  });
  underWay.add(child);
  let output = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  try {
    const [code] = await once(child, 'close');
    return { code: code ?? 1, output };
  } catch (error) {
    return { code: 127, output: `${output}${command}: ${/** @type {Error} */ (error).message}` };
  } finally {
    underWay.delete(child);
  }
}

/** Like `run`, but a failing command is a problem, told with the end of what it printed. */
export async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const last = output.trimEnd().split('\n').slice(-30).join('\n');
  throw new Problem(`${[command, ...args].join(' ')} failed (exit ${code})${last ? `:\n${last}` : ''}`);
}

/** One child process: its own process group, its output in a log file, stopped by pid. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @typedef {object} ProcessSpec
 * @property {string} name
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [cwd]
 * @property {{ uid?: number, gid?: number }} [user]
 * @property {NodeJS.Signals} [stopSignal] what asks it to stop; SIGTERM when not given
 * @property {() => Promise<void>} [prepare] runs before every start
 * @property {(pid: number) => Promise<boolean>} ready polled until true
 * @property {number} [readyTimeout] milliseconds
 */

const LOG_LIMIT = 20 * 1024 * 1024;
const KILL_AFTER = 12_000;

/** Direct children by the kernel's own list; empty where there is none (macOS). */
function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** The log's end, for an error message. */
export function tail(file, lines = 8) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

export class ManagedProcess {
  /**
   * @param {ProcessSpec} spec
   * @param {string} logFile
   */
  constructor(spec, logFile) {
    this.spec = spec;
    this.logFile = logFile;
    /** @type {import('node:child_process').ChildProcess | null} */
    this.child = null;
    /** Resolves with how it ended. @type {Promise<string>} */
    this.ended = Promise.resolve('not started');
  }

  get pid() {
    return this.child?.pid;
  }

  get running() {
    return this.child !== null;
  }

  spawn() {
    const { command, args, env, cwd, user } = this.spec;
    mkdirSync(dirname(this.logFile), { recursive: true });
    if ((statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT)
      renameSync(this.logFile, `${this.logFile}.1`);
    const log = openSync(this.logFile, 'a');
    // A group of its own: Ctrl-C in the terminal reaches the supervisor only, which then stops all in order.
    const child = spawn(command, args, { env, cwd, ...user, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    // A test that fails before it stops its instance must still end: the reaper then stops the rest.
    child.unref();
    this.child = child;
    this.ended = new Promise((resolve) => {
      const end = (how) => {
        if (this.child === child) this.child = null;
        resolve(how);
      };
      child.once('error', (error) => end(`could not be started: ${error.message}`));
      child.once('exit', (code, by) => end(by ? `was ended by ${by}` : `exited with code ${code}`));
    });
    return child.pid;
  }

  /** Polls until ready; rejects with the log's end when it stops first. */
  async untilReady() {
    const { name, ready, readyTimeout = 60_000 } = this.spec;
    const deadline = Date.now() + readyTimeout;
    const fail = (what) =>
      new Error([`${name} ${what} (log: ${this.logFile})`, tail(this.logFile)].filter(Boolean).join('\n'));
    const ended = this.ended.then((how) => ({ how }));
    while (Date.now() < deadline) {
      const outcome = await Promise.race([ended, ready(this.pid ?? 0)]);
      if (outcome === true) return;
      if (typeof outcome === 'object') throw fail(outcome.how);
      await Promise.race([ended, delay(25)]);
    }
    throw fail(`was not ready within ${readyTimeout / 1000} s`);
  }

  /** Signals it and, to freeze or wake it, its children too: Postgres does its work in those. */
  signal(name) {
    if (!this.pid) return;
    if (name === 'SIGSTOP' || name === 'SIGCONT')
      for (const child of childrenOf(this.pid)) signal(child, name);
    signal(this.pid, name);
  }

  /** Resolves when it is gone; waiting keeps this process alive. */
  async untilGone() {
    this.child?.ref();
    await this.ended;
  }

  /** Asks it to stop, insists after a while, resolves when it is gone. */
  async stop() {
    if (!this.running) return;
    this.signal('SIGCONT');
    this.signal(this.spec.stopSignal ?? 'SIGTERM');
    const insist = setTimeout(() => this.signal('SIGKILL'), KILL_AFTER);
    await this.untilGone();
    clearTimeout(insist);
  }
}

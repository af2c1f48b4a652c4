/** Starts processes, waits until they are ready, restarts those that crash, stops all in reverse order. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ManagedProcess } from './managed-process.mjs';
import { Reaper } from './reaper.mjs';

/** @typedef {import('./managed-process.mjs').ProcessSpec} ProcessSpec */

const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 15_000;
/** A process that ran this long was well: its next crash counts as the first. */
const STEADY_AFTER = 30_000;

export class Supervisor {
  /**
   * @param {{ logDir: string, restart?: boolean, say?: (line: string) => void }} options
   */
  constructor({ logDir, restart = false, say = () => undefined }) {
    this.logDir = logDir;
    this.restart = restart;
    this.say = say;
    /** In the order they were started. @type {Map<string, ManagedProcess>} */
    this.processes = new Map();
    /** Processes someone stopped on purpose; their end is no crash. @type {Set<string>} */
    this.unwanted = new Set();
    this.stopping = false;
    this.reaper = new Reaper();
  }

  /** @returns {Record<string, number>} */
  get pids() {
    const running = [...this.processes].filter(([, one]) => one.pid);
    return Object.fromEntries(running.map(([name, one]) => [name, /** @type {number} */ (one.pid)]));
  }

  /**
   * Starts a process that is new, or one that was stopped, and resolves when it is ready.
   * @param {ProcessSpec} spec
   */
  async run(spec) {
    if (this.stopping) throw new Error(`${spec.name} is not started: everything is being stopped`);
    const known = this.processes.get(spec.name);
    if (known?.running) throw new Error(`${spec.name} runs already`);
    const one = known ?? new ManagedProcess(spec, join(this.logDir, `${spec.name}.log`));
    one.spec = spec;
    this.processes.set(spec.name, one);
    this.unwanted.delete(spec.name);
    await this.#launch(one);
    void this.#guard(one);
  }

  async #launch(one) {
    await one.spec.prepare?.();
    if (this.stopping) throw new Error(`${one.spec.name} is not started: everything is being stopped`);
    const pid = one.spawn();
    if (pid) {
      this.reaper.watch(pid, one.spec.stopSignal);
      void one.ended.then(() => this.reaper.forget(pid));
    }
    try {
      await one.untilReady();
    } catch (error) {
      await one.stop();
      throw error;
    }
  }

  /** Watches one process until it is stopped on purpose. */
  async #guard(one) {
    const { name } = one.spec;
    for (let backoff = FIRST_BACKOFF; ; backoff = Math.min(backoff * 2, LONGEST_BACKOFF)) {
      const since = Date.now();
      const how = await one.ended;
      if (this.stopping || this.unwanted.has(name)) return;
      if (!this.restart) {
        this.say(`${name} ${how} (log: ${one.logFile})`);
        return;
      }
      if (Date.now() - since > STEADY_AFTER) backoff = FIRST_BACKOFF;
      this.say(`${name} ${how}; starting it again in ${backoff / 1000} s (log: ${one.logFile})`);
      await delay(backoff, undefined, { ref: false });
      if (this.stopping || this.unwanted.has(name)) return;
      await this.#launch(one).then(
        () => this.say(`${name} is back`),
        () => undefined,
      );
    }
  }

  #get(name) {
    const one = this.processes.get(name);
    if (!one)
      throw new Error(`no process is called ${name}; there are ${[...this.processes.keys()].join(', ')}`);
    return one;
  }

  /**
   * Sends a signal. One that ends the process is awaited and no crash: `start` brings it back.
   * @param {string} name
   * @param {NodeJS.Signals} [signal]
   */
  async kill(name, signal = 'SIGKILL') {
    const one = this.#get(name);
    const ending = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'].includes(signal);
    if (ending) this.unwanted.add(name);
    one.signal(signal);
    if (ending) await one.untilGone();
  }

  /** Starts a stopped process again, with the same command. @param {string} name */
  async start(name) {
    await this.run(this.#get(name).spec);
  }

  /** Stops one process in its orderly way. @param {string} name */
  async stop(name) {
    this.unwanted.add(name);
    await this.#get(name).stop();
  }

  /**
   * Stops everything, the last started first; those of one group at once.
   * @param {(name: string) => string} [groupOf]
   */
  async stopAll(groupOf = (name) => name) {
    this.stopping = true;
    const groups = new Map();
    for (const [name, one] of [...this.processes].reverse()) {
      groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), one]);
    }
    for (const group of groups.values()) await Promise.all(group.map((one) => one.stop()));
    this.reaper.close();
  }
}

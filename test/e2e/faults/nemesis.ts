import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../../../deploy/local/instance.mjs';
import type { FaultRecord } from './history.ts';
import type { PlannedFault, Target } from './schedule.ts';

const RETRY_START_MS = 500;

/** Postgres takes SIGTERM for a wish to wait until its last client has left, and chat never leaves. */
const stopSignalOf = (target: Target): NodeJS.Signals => (target === 'postgres' ? 'SIGINT' : 'SIGTERM');

/** Does to the processes what the schedule says, and makes everything well again. */
export class Nemesis {
  readonly #instance: Instance;
  readonly #say: (line: string) => void;
  readonly faults: FaultRecord[] = [];
  /** One thing at a time is done to one process. */
  readonly #busy = new Map<Target, Promise<void>>();

  constructor(instance: Instance, say: (line: string) => void) {
    this.#instance = instance;
    this.#say = say;
  }

  /** Resolves when the last fault is over and all processes are ready. */
  async run(schedule: readonly PlannedFault[]): Promise<void> {
    const since = Date.now();
    for (const fault of schedule) {
      await delay(Math.max(0, since + fault.at - Date.now()));
      const before = this.#busy.get(fault.target) ?? Promise.resolve();
      this.#busy.set(
        fault.target,
        before.then(() => this.#do(fault)),
      );
    }
    await Promise.all(this.#busy.values());
  }

  async #do({ target, kind, forMs }: PlannedFault): Promise<void> {
    const from = Date.now();
    this.#say(`${kind} ${target}${kind === 'restart' ? '' : ` for ${(forMs / 1_000).toFixed(1)} s`}`);
    if (kind === 'pause') {
      await this.#instance.kill(target, 'SIGSTOP');
      await delay(forMs);
      await this.#instance.kill(target, 'SIGCONT');
    } else {
      await this.#instance.kill(target, kind === 'kill' ? 'SIGKILL' : stopSignalOf(target));
      await delay(forMs);
      await this.#start(target);
    }
    this.faults.push({ target, kind, from, to: Date.now() });
  }

  /** What it needs may be down as well: then it is tried until that is back. */
  async #start(target: Target): Promise<void> {
    for (;;) {
      try {
        return await this.#instance.start(target);
      } catch (error) {
        this.#say(`${target} does not start yet: ${String(error).split('\n')[0]}`);
        await delay(RETRY_START_MS);
      }
    }
  }
}

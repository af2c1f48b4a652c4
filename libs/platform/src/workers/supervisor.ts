import cluster, { type Worker } from 'node:cluster';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Readiness } from '../health.js';
import type { Logger } from '../logger.js';
import { Exchange } from './exchange.js';
import { restartDelayMs, STABLE_MS } from './restart-delay.js';
import { combinedMetrics, combinedReadiness, type MetricsOfOne } from './vitals.js';

/** A check of health may take two seconds. */
const ANSWER_MS = 2500;
/** Workers end themselves before; this is for one that can't. */
const GRACE_MS = 1000;

/** A place for one worker, which may be between two. */
type Slot = {
  worker: Worker | null;
  exchange: Exchange | null;
  ready: boolean;
  since: number;
  failures: number;
  timer: NodeJS.Timeout | undefined;
};

/** Without a callback a message to a process that has just died would be an uncaught error. */
const noticeByItsEnd = (): void => undefined;

export type SupervisorOptions = { service: string; count: number; drainMs: number; logger: Logger };

/** Keeps `count` workers of this program running. It serves nothing itself, so nothing makes it fall over. */
export class Supervisor {
  private readonly slots: Slot[];
  private readonly metrics = new Registry();
  private readonly restarts: Counter;
  private stopping = false;
  private everReady = false;
  private failed = false;
  private end: (code: number) => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.slots = Array.from({ length: options.count }, () => ({
      worker: null,
      exchange: null,
      ready: false,
      since: 0,
      failures: 0,
      timer: undefined,
    }));
    const registers = [this.metrics];
    this.metrics.setDefaultLabels({ service: options.service });
    const { slots } = this;
    new Gauge({
      name: 'parley_workers',
      help: 'Worker processes that serve',
      registers,
      collect() {
        this.set(slots.filter(({ ready }) => ready).length);
      },
    });
    this.restarts = new Counter({
      name: 'parley_worker_restarts_total',
      help: 'Worker processes that ended unasked and were started again',
      registers,
    });
  }

  /** Resolves with the exit code, after `stop` or when no worker comes up at all. */
  run(): Promise<number> {
    return new Promise((resolve) => {
      this.end = resolve;
      for (const slot of this.slots) this.fork(slot);
    });
  }

  /** Lets all workers drain, at the same time; those that don't end are killed. */
  stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    for (const { worker, timer } of this.slots) {
      clearTimeout(timer);
      worker?.process.kill('SIGTERM');
    }
    setTimeout(() => {
      for (const { worker } of this.slots) worker?.process.kill('SIGKILL');
    }, this.options.drainMs + GRACE_MS).unref();
    this.endIfDone();
  }

  private fork(slot: Slot): void {
    const worker = cluster.fork();
    const exchange = new Exchange((message) => worker.isConnected() && worker.send(message, noticeByItsEnd), {
      readiness: () => this.readiness(),
      metrics: () => this.metricsText(),
    });
    Object.assign(slot, { worker, exchange, ready: false, since: Date.now() });
    worker.on('message', (message: unknown) => {
      if (message === 'ready') this.everReady = slot.ready = true;
      else exchange.receive(message);
    });
    worker.once('exit', (code, signal) => this.ended(slot, worker, code, signal));
    worker.on('error', (err) => {
      this.options.logger.error({ err, worker: worker.process.pid }, 'a worker is out of reach');
      // One that could not even be started has no end to tell of.
      if (worker.process.pid === undefined) this.ended(slot, worker, 1, '');
    });
  }

  private ended(slot: Slot, worker: Worker, code: number, signal: string): void {
    const { logger } = this.options;
    slot.exchange?.close();
    Object.assign(slot, { worker: null, exchange: null, ready: false });
    if (this.stopping) {
      this.failed ||= code !== 0;
      return this.endIfDone();
    }
    if (!this.everReady) {
      // It says itself what is wrong; starting it again would not make that right.
      this.failed = true;
      return this.stop();
    }
    slot.failures = Date.now() - slot.since >= STABLE_MS ? 1 : slot.failures + 1;
    const restartInMs = restartDelayMs(slot.failures);
    logger.error({ worker: worker.process.pid, code, signal, restartInMs }, 'a worker ended');
    this.restarts.inc();
    slot.timer = setTimeout(() => this.fork(slot), restartInMs);
  }

  private endIfDone(): void {
    if (this.slots.every(({ worker }) => worker === null)) this.end(this.failed ? 1 : 0);
  }

  /** What those say that can; one that is silent is as good as gone. */
  private async everyone<T>(question: string): Promise<T[]> {
    const asked = this.slots.filter(({ ready }) => ready);
    const answers = await Promise.allSettled(
      asked.map(({ exchange }) => (exchange as Exchange).ask<T>(question, ANSWER_MS)),
    );
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  }

  private async readiness(): Promise<Readiness> {
    const answers = await this.everyone<Readiness>('readiness');
    return combinedReadiness(this.slots.length, answers, this.stopping);
  }

  private async metricsText(): Promise<string> {
    const [theirs, ours] = await Promise.all([
      this.everyone<MetricsOfOne>('metrics'),
      this.metrics.metrics(),
    ]);
    return `${await combinedMetrics(theirs)}\n${ours}`;
  }
}

import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '#platform';
import { estimated, personalWords, STRONG_ENOUGH } from './password.js';

type Estimate = { id: number; score: number; advice: string };
type Waiting = { resolve: (estimate: Estimate) => void; reject: (error: Error) => void };

const IDLE_MS = 60_000;
const MAX_WAITING = 64;
/** Beside this file in either form: tests run the sources, which Node.js reads as they are. */
const WORKER = new URL(
  `./strength.worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);

/** Refuses passwords that are easy to guess. The thread that judges starts when needed and ends when idle. */
@Injectable()
export class PasswordStrength implements OnApplicationShutdown {
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  /** Throws `auth.password_weak` with advice; the person's own name and address make a password weaker. */
  async require(password: string, person: { name: string; email: string | null }): Promise<void> {
    const { score, advice } = await this.estimate(estimated(password), personalWords(person));
    if (score >= STRONG_ENOUGH) return;
    const detail = advice || 'Add more words that are less common.';
    throw new DomainError('auth.password_weak', { errors: [{ pointer: '/password', detail }] });
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.idle);
    await this.worker?.terminate();
  }

  private estimate(password: string, personal: string[]): Promise<Estimate> {
    if (this.waiting.size >= MAX_WAITING) return Promise.reject(new DomainError('overloaded'));
    const worker = (this.worker ??= this.start());
    clearTimeout(this.idle);
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, password, personal });
    });
  }

  private start(): Worker {
    const worker = new Worker(WORKER);
    // It holds up neither the end of the process nor anyone who waits when it fails.
    worker.unref();
    worker.on('message', (estimate: Estimate) => this.answer(estimate));
    worker.on('error', (error: Error) => this.fail(worker, error));
    worker.on('exit', () => this.fail(worker, new Error('the password estimator ended')));
    return worker;
  }

  private answer(estimate: Estimate): void {
    this.waiting.get(estimate.id)?.resolve(estimate);
    this.waiting.delete(estimate.id);
    if (this.waiting.size > 0) return;
    this.idle = setTimeout(() => {
      const worker = this.worker;
      this.worker = null;
      void worker?.terminate();
    }, IDLE_MS).unref();
  }

  private fail(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

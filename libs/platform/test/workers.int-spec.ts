import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, freePort, typescriptArguments } from '#testing';

const SAMPLE = join(import.meta.dirname, 'processes/sample-service.ts');
const PATIENCE = { timeoutMs: 30_000, everyMs: 50 };
type Readiness = { status: string; workers?: { expected: number; serving: number } };

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A service of several processes, seen from its port. */
class Service {
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>;
  output = '';
  private readonly child: ChildProcess;

  constructor(
    readonly port: number,
    env: Record<string, string>,
  ) {
    this.child = spawn(process.execPath, [...typescriptArguments, SAMPLE], {
      env: { ...process.env, PORT: String(port), WORKERS: '2', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    this.exited = once(this.child, 'exit') as typeof this.exited;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Over a connection of its own. */
  get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5000),
    });
  }

  async pid(path = '/pid'): Promise<number> {
    return ((await (await this.get(path)).json()) as { pid: number }).pid;
  }

  async pids(count: number): Promise<Set<number>> {
    const pids = new Set<number>();
    for (let i = 0; i < count; i++) pids.add(await this.pid());
    return pids;
  }

  async readiness(): Promise<Readiness> {
    return (await (await this.get('/health/ready')).json()) as Readiness;
  }

  /** Waits until all workers serve. */
  whole(): Promise<void> {
    return eventually(
      async () =>
        expect(await this.readiness()).toMatchObject({
          status: 'ready',
          workers: { expected: 2, serving: 2 },
        }),
      PATIENCE,
    );
  }
}

describe('a service with workers', () => {
  const services: Service[] = [];
  const start = async (env: Record<string, string> = {}) => {
    const service = new Service(await freePort(), env);
    services.push(service);
    return service;
  };
  const started = async () => {
    const service = await start();
    await service.whole();
    return service;
  };
  afterEach(() => services.splice(0).forEach((service) => service.kill('SIGKILL')));

  it('serves from all of them at one port, and tells their health and metrics as one', async () => {
    const service = await started();
    expect((await service.pids(20)).size).toBe(2);
    for (let i = 0; i < 2; i++) {
      const metrics = await (await service.get('/metrics')).text();
      expect(metrics).toContain('sample_asked_total{service="sample"} 20');
      expect(metrics).toContain('parley_workers{service="sample"} 2');
      expect(metrics).toContain('parley_worker_restarts_total{service="sample"} 0');
      expect(metrics.match(/^process_resident_memory_bytes/gm)).toHaveLength(1);
    }
  });

  it('serves on when one is killed, says so, and starts it again', async () => {
    const service = await started();
    const [killed, other] = [...(await service.pids(20))] as [number, number];
    process.kill(killed, 'SIGKILL');
    // Not one of them waits for the dead.
    await eventually(async () => expect(await service.pid()).toBe(other), { timeoutMs: 1000, everyMs: 5 });
    await eventually(
      async () =>
        expect(await service.readiness()).toMatchObject({
          status: 'degraded',
          workers: { expected: 2, serving: 1 },
        }),
      PATIENCE,
    );
    await service.whole();
    const pids = await service.pids(20);
    expect(pids.size).toBe(2);
    expect([pids.has(other), pids.has(killed)]).toEqual([true, false]);
    expect(await (await service.get('/metrics')).text()).toContain(
      'parley_worker_restarts_total{service="sample"} 1',
    );
  });

  it('ends with all of them on SIGTERM, after what they were doing', async () => {
    const service = await started();
    const pids = await service.pids(20);
    const slow = Array.from({ length: 20 }, () => service.pid('/slow'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    service.kill('SIGTERM');
    expect(new Set(await Promise.all(slow))).toEqual(pids);
    expect(await service.exited).toEqual([0, null]);
    expect([...pids].filter(isAlive)).toEqual([]);
  });

  it('leaves no worker behind when the first process is killed', async () => {
    const service = await started();
    const pids = await service.pids(20);
    service.kill('SIGKILL');
    await eventually(() => expect([...pids].filter(isAlive)).toEqual([]), PATIENCE);
  });

  it('says so when another one is at its port', async () => {
    const service = await started();
    const second = new Service(service.port, {});
    services.push(second);
    expect(await second.exited).toEqual([1, null]);
    expect(second.output).toBe(`sample: cannot listen at 127.0.0.1:${service.port}: EADDRINUSE\n`);
  });

  it('does not try for ever what never works', async () => {
    const service = await start({ BROKEN: 'true' });
    expect(await service.exited).toEqual([1, null]);
    expect(service.output).not.toContain('a worker ended');
  });
});

export type CheckResult = { status: 'up' | 'down'; latencyMs: number; detail?: string };
export type Readiness = {
  status: 'ready' | 'degraded' | 'unready' | 'draining';
  checks: Record<string, CheckResult>;
  /** Of a service that runs as several processes. */
  workers?: { expected: number; serving: number };
};
type Check = { probe: () => Promise<void>; required: boolean };

const CHECK_TIMEOUT_MS = 2000;

/** Real checks of what a service needs. A check that is not `required` degrades, it does not unready. */
export class Health {
  private readonly checks = new Map<string, Check>();
  private draining = false;

  add(name: string, probe: () => Promise<unknown>, { required = true } = {}): void {
    this.checks.set(name, { required, probe: async () => void (await probe()) });
  }

  drain(): void {
    this.draining = true;
  }

  async readiness(): Promise<Readiness> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.measure(check)] as const),
    );
    const down = entries.filter(([, result]) => result.status === 'down');
    const unready = down.some(([name]) => this.checks.get(name)?.required);
    const status = this.draining ? 'draining' : unready ? 'unready' : down.length > 0 ? 'degraded' : 'ready';
    return { status, checks: Object.fromEntries(entries) };
  }

  private async measure(check: Check): Promise<CheckResult> {
    const started = performance.now();
    const latencyMs = () => Math.round((performance.now() - started) * 100) / 100;
    let timer: NodeJS.Timeout | undefined;
    try {
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('timed out')), CHECK_TIMEOUT_MS);
      });
      await Promise.race([check.probe(), timeout]);
      return { status: 'up', latencyMs: latencyMs() };
    } catch (error) {
      return {
        status: 'down',
        latencyMs: latencyMs(),
        detail: (error as Error).message.split('\n')[0] ?? '',
      };
    } finally {
      clearTimeout(timer);
    }
  }
}

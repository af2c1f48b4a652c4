import { describe, expect, it, jest } from '@jest/globals';
import { Health, type Readiness } from '../health.js';
import { workerVitals, type Channel } from './worker.js';

type Message = { exchange: string; id: number; question?: string; value?: unknown };

/** A worker before a primary that the spec plays. */
const setup = (primary: (message: Message) => Message | null, connected = true) => {
  const heard: Message[] = [];
  let listener: (message: unknown) => void = () => undefined;
  const channel: Channel = {
    connected,
    send: (message) => {
      heard.push(message as Message);
      const answer = primary(message as Message);
      if (answer) setImmediate(() => listener(answer));
      return true;
    },
    on: (_event, listen) => (listener = listen),
  };
  const health = new Health();
  health.add('redis', async () => undefined);
  return { vitals: workerVitals(health, channel), heard, tell: (message: unknown) => listener(message) };
};

const whole: Readiness = { status: 'degraded', checks: {}, workers: { expected: 2, serving: 1 } };

describe('the vitals of a worker', () => {
  it('are those of all, as the primary tells', async () => {
    const { vitals } = setup(({ id, question }) => ({
      exchange: 'answer',
      id,
      value: question === 'readiness' ? whole : 'metrics of all',
    }));
    expect(await vitals.readiness()).toEqual(whole);
    expect(await vitals.metrics()).toBe('metrics of all');
  });

  it('are its own when the primary asks', async () => {
    const { heard, tell } = setup(() => null);
    tell({ exchange: 'ask', id: 7, question: 'readiness' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toMatchObject([{ exchange: 'answer', id: 7, value: { status: 'ready' } }]);
  });

  it('are its own when the primary is silent or gone', async () => {
    jest.useFakeTimers();
    try {
      for (const connected of [true, false]) {
        const { vitals } = setup(() => null, connected);
        const readiness = vitals.readiness();
        await jest.advanceTimersByTimeAsync(4000);
        expect(await readiness).toMatchObject({ status: 'ready', checks: { redis: { status: 'up' } } });
      }
    } finally {
      jest.useRealTimers();
    }
  });
});

import { describe, expect, it, jest } from '@jest/globals';
import { Health } from './health.js';

const up = async () => undefined;
const down = async () => {
  throw new Error('refused\n    at secret.ts:1');
};

describe('readiness', () => {
  it('is ready when every check is up, each with its latency', async () => {
    const health = new Health();
    health.add('postgres', up);
    health.add('redis', async () => 'PONG', { required: false });
    expect(await health.readiness()).toEqual({
      status: 'ready',
      checks: {
        postgres: { status: 'up', latencyMs: expect.any(Number) },
        redis: { status: 'up', latencyMs: expect.any(Number) },
      },
    });
  });

  it('is unready when a required check is down, and says why in one line', async () => {
    const health = new Health();
    health.add('postgres', down);
    expect(await health.readiness()).toMatchObject({
      status: 'unready',
      checks: { postgres: { status: 'down', detail: 'refused' } },
    });
  });

  it('is only degraded when what is down is not required', async () => {
    const health = new Health();
    health.add('postgres', up);
    health.add('redis', down, { required: false });
    expect((await health.readiness()).status).toBe('degraded');
  });

  it('is draining once told so, whatever the checks say', async () => {
    const health = new Health();
    health.add('postgres', down);
    health.drain();
    expect((await health.readiness()).status).toBe('draining');
  });

  it('does not wait for a check that hangs', async () => {
    jest.useFakeTimers();
    try {
      const health = new Health();
      health.add('postgres', () => new Promise(() => undefined));
      const readiness = health.readiness();
      await jest.advanceTimersByTimeAsync(2000);
      expect(await readiness).toMatchObject({
        checks: { postgres: { status: 'down', detail: 'timed out' } },
      });
    } finally {
      jest.useRealTimers();
    }
  });
});

import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { WaveMemory } from './return-memory.js';

const QUIET_MS = 60;
const waiting = () => {
  let given = 0;
  const memory = new WaveMemory(10, () => void given++, QUIET_MS);
  const wave = (of: number) => {
    for (let i = 0; i < of; i++) memory.note();
  };
  return { wave, given: () => given };
};

describe('memory of a wave', () => {
  it('is given back once, when it is over', async () => {
    const { wave, given } = waiting();
    for (let i = 0; i < 5; i++) {
      wave(10);
      await delay(QUIET_MS / 3);
    }
    expect(given()).toBe(0);
    await delay(4 * QUIET_MS);
    expect(given()).toBe(1);
    wave(10);
    await delay(4 * QUIET_MS);
    expect(given()).toBe(2);
  });

  it('is not asked for after less than a wave', async () => {
    const { wave, given } = waiting();
    wave(9);
    await delay(3 * QUIET_MS);
    expect(given()).toBe(0);
  });

  it('can be given back by this V8', async () => {
    const memory = new WaveMemory(1, undefined, 1);
    const litter = { held: Array.from({ length: 300_000 }, () => ({ some: ['litter'] })) };
    const before = process.memoryUsage().heapUsed;
    litter.held = [];
    memory.note();
    await delay(200);
    expect(process.memoryUsage().heapUsed).toBeLessThan(before);
  });
});

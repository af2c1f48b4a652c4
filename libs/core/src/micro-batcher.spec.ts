import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { BatcherClosed, BatcherOverloaded, MicroBatcher } from './micro-batcher.js';

const tick = () => new Promise((resolve) => setImmediate(resolve));
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe('MicroBatcher', () => {
  test.prop([
    fc.array(fc.record({ size: fc.integer({ min: 1, max: 6 }), ticks: fc.integer({ min: 0, max: 3 }) }), {
      maxLength: 12,
    }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 0, max: 4 }),
  ])('answers each input, in order, one batch at a time', async (bursts, maxBatch, runTicks) => {
    const handled: number[] = [];
    let running = 0;
    const batcher = new MicroBatcher<number, string>(
      async (inputs) => {
        expect(++running).toBe(1);
        expect(inputs.length).toBeLessThanOrEqual(maxBatch);
        for (let i = 0; i < runTicks; i++) await tick();
        handled.push(...inputs);
        running--;
        return inputs.map((input) => `done ${input}`);
      },
      { maxBatch, maxQueue: 1000 },
    );
    const answers: Promise<string>[] = [];
    for (const { size, ticks } of bursts) {
      for (let i = 0; i < size; i++) answers.push(batcher.submit(answers.length));
      for (let i = 0; i < ticks; i++) await tick();
    }
    const expected = answers.map((_, index) => index);
    expect(await Promise.all(answers)).toEqual(expected.map((index) => `done ${index}`));
    expect(handled).toEqual(expected);
  });

  it('gathers what comes while a batch is in flight into the next one', async () => {
    const batches: number[][] = [];
    let release: () => void = () => undefined;
    const batcher = new MicroBatcher<number, number>(
      async (inputs) => {
        batches.push(inputs);
        if (batches.length === 1) await new Promise<void>((resolve) => (release = resolve));
        return inputs;
      },
      { maxBatch: 10, maxQueue: 10 },
    );
    const first = [batcher.submit(1), batcher.submit(2)];
    await tick();
    const second = [3, 4, 5].map((input) => batcher.submit(input));
    release();
    await Promise.all([...first, ...second]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('rejects the batch that fails and no other', async () => {
    const batcher = new MicroBatcher<number, number>(
      async (inputs) => {
        if (inputs.includes(2)) throw new Error('broken');
        return inputs;
      },
      { maxBatch: 2, maxQueue: 10 },
    );
    const outcomes = await Promise.all([1, 2, 3, 4].map((input) => outcome(batcher.submit(input))));
    expect(outcomes).toMatchObject([
      { error: { message: 'broken' } },
      { error: { message: 'broken' } },
      { value: 3 },
      { value: 4 },
    ]);
  });

  it('refuses more than its queue holds, and takes inputs again once there is room', async () => {
    const batcher = new MicroBatcher<number, number>(async (inputs) => inputs, { maxBatch: 2, maxQueue: 2 });
    const taken = [batcher.submit(1), batcher.submit(2)];
    await expect(batcher.submit(3)).rejects.toBeInstanceOf(BatcherOverloaded);
    expect(await Promise.all(taken)).toEqual([1, 2]);
    expect(await batcher.submit(4)).toBe(4);
  });

  it('finishes what it has taken when it is closed, and takes no more', async () => {
    const handled: number[] = [];
    const batcher = new MicroBatcher<number, number>(
      async (inputs) => {
        await tick();
        handled.push(...inputs);
        return inputs;
      },
      { maxBatch: 1, maxQueue: 10 },
    );
    const taken = [1, 2, 3].map((input) => batcher.submit(input));
    const closing = batcher.close();
    await expect(batcher.submit(4)).rejects.toBeInstanceOf(BatcherClosed);
    await closing;
    expect(handled).toEqual([1, 2, 3]);
    expect(await Promise.all(taken)).toEqual([1, 2, 3]);
    await batcher.close();
  });
});

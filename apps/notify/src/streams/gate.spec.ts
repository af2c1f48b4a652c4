import { describe, expect, it } from '@jest/globals';
import { Gate } from './gate.js';

describe('Gate', () => {
  it('lets no more through at once than it has places, and everyone in the end', async () => {
    const gate = new Gate(2);
    let inside = 0;
    let most = 0;
    const done: number[] = [];
    const tasks = [1, 2, 3, 4, 5].map((task) =>
      gate.run(async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        if (task === 2) throw new Error('failed');
        done.push(task);
      }),
    );
    await Promise.allSettled(tasks);
    expect(most).toBe(2);
    expect(done).toEqual([1, 3, 4, 5]);
  });
});

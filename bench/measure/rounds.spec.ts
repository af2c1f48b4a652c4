import { describe, expect, it } from '@jest/globals';
import { alternate } from './rounds.ts';

describe('alternate', () => {
  it('measures every case in every round and starts each round with another one', async () => {
    const order: string[] = [];
    await alternate(3, ['a', 'b', 'c'], async (one, round) => {
      order.push(`${round}${one}`);
    });
    expect(order).toEqual(['0a', '0b', '0c', '1b', '1c', '1a', '2c', '2a', '2b']);
  });
});

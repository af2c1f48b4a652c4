import { describe, expect, it } from '@jest/globals';
import { Exchange } from './exchange.js';

/** Two ends of one channel. */
const pair = (answers: Record<string, () => Promise<unknown>>) => {
  const asker: Exchange = new Exchange((message) => other.receive(structuredClone(message)), {});
  const other: Exchange = new Exchange((message) => asker.receive(structuredClone(message)), answers);
  return asker;
};

describe('Exchange', () => {
  it('gives each question its own answer, in whatever order they come', async () => {
    let release = () => {};
    const asker = pair({
      slow: () => new Promise((resolve) => (release = () => resolve('slow'))),
      fast: async () => 'fast',
    });
    const slow = asker.ask('slow', 1000);
    expect(await asker.ask('fast', 1000)).toBe('fast');
    release();
    expect(await slow).toBe('slow');
  });

  it('rejects with what the other side failed with', async () => {
    const asker = pair({ broken: () => Promise.reject(new Error('no engine')) });
    await expect(asker.ask('broken', 1000)).rejects.toThrow('no engine');
    await expect(asker.ask('unheard', 1000)).rejects.toThrow('unheard is no question');
  });

  it('does not wait for ever, and takes no notice of an answer that comes too late', async () => {
    let release = () => {};
    const asker = pair({ slow: () => new Promise<void>((resolve) => (release = resolve)) });
    await expect(asker.ask('slow', 5)).rejects.toThrow('no answer to slow in 5 ms');
    expect(release).not.toThrow();
  });

  it('does not wait for one that is gone', async () => {
    const asker = pair({ slow: () => new Promise(() => undefined) });
    const answer = asker.ask('slow', 60_000);
    asker.close();
    await expect(answer).rejects.toThrow('the other side is gone');
  });

  it('passes over messages of others', () => {
    const asker = pair({});
    for (const message of [null, 'ready', { cmd: 'NODE_x' }, { exchange: 'answer', id: 99 }])
      expect(() => asker.receive(message)).not.toThrow();
  });
});

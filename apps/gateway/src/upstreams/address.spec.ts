import { describe, expect, it } from '@jest/globals';
import type { lookup } from 'node:dns';
import { addressOf, cachedLookup } from './address.js';

const setUp = (fails = false) => {
  const clock = { ms: 0 };
  const asked: string[] = [];
  const resolve = ((host: string, _: unknown, callback: (...args: unknown[]) => void) => {
    asked.push(host);
    setImmediate(() => (fails ? callback(new Error('no such host')) : callback(null, '10.0.0.7', 4)));
  }) as unknown as typeof lookup;
  const cached = cachedLookup(resolve, () => clock.ms);
  const ask = (all = false) =>
    new Promise((done, failed) =>
      cached('chat', { all }, (error, address) => (error ? failed(error) : done(address))),
    );
  return { clock, asked, ask };
};

describe('cachedLookup', () => {
  it('asks once for many, and again when the answer is old', async () => {
    const { clock, asked, ask } = setUp();
    expect(await Promise.all([ask(), ask()])).toEqual(['10.0.0.7', '10.0.0.7']);
    expect(await ask(true)).toEqual([{ address: '10.0.0.7', family: 4 }]);
    expect(asked).toEqual(['chat']);
    clock.ms = 5001;
    await ask();
    expect(asked).toHaveLength(2);
  });

  it('does not keep a failure', async () => {
    const { asked, ask } = setUp(true);
    await expect(ask()).rejects.toThrow('no such host');
    await expect(ask()).rejects.toThrow('no such host');
    expect(asked).toHaveLength(2);
  });
});

describe('addressOf', () => {
  it('reads host and port', () => {
    expect(addressOf('http://chat:6688')).toEqual({ host: 'chat', port: 6688, authority: 'chat:6688' });
    expect(addressOf('http://[::1]')).toEqual({ host: '::1', port: 80, authority: '[::1]' });
  });
});

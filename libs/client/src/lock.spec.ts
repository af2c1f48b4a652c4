import { describe, expect, it } from '@jest/globals';
import { browserLock } from './lock.js';

const webLocks = () => {
  const names: string[] = [];
  const request = async <T>(name: string, task: () => Promise<T>): Promise<T> => {
    names.push(name);
    return task();
  };
  return { names, scope: { navigator: { locks: { request } } } };
};

describe('browserLock', () => {
  it('runs the task under the Web Lock of that name', async () => {
    const { names, scope } = webLocks();
    expect(await browserLock('parley:x', scope)(async () => 5)).toBe(5);
    expect(names).toEqual(['parley:x']);
  });

  it('does without where there are no Web Locks', async () => {
    expect(await browserLock('parley:x', {})(async () => 5)).toBe(5);
  });

  it('does without where Web Locks are refused, and runs the task once', async () => {
    let runs = 0;
    const request = () => Promise.reject(new DOMException('no origin', 'SecurityError'));
    const lock = browserLock('parley:x', { navigator: { locks: { request } } });
    expect(await lock(async () => ++runs)).toBe(1);
    expect(runs).toBe(1);
  });

  it('passes on what the task fails with, and does not repeat it', async () => {
    let runs = 0;
    const task = async () => {
      runs++;
      throw new Error('mine');
    };
    await expect(browserLock('parley:x', webLocks().scope)(task)).rejects.toThrow('mine');
    expect(runs).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { SystemClock } from './clock.js';
import { DomainError } from './domain-error.js';

describe('DomainError', () => {
  it('carries its code, parameters and cause', () => {
    const cause = new Error('why');
    const error = new DomainError('channel.not_member', { channelId: 'c' }, { cause });
    expect(error).toMatchObject({
      name: 'DomainError',
      code: 'channel.not_member',
      params: { channelId: 'c' },
      cause,
    });
    expect(new DomainError('x').params).toEqual({});
  });
});

describe('SystemClock', () => {
  it('tells the time of the machine', () => {
    const before = Date.now();
    expect(new SystemClock().now().getTime()).toBeGreaterThanOrEqual(before);
  });
});

import { describe, expect, it } from '@jest/globals';
import { fingerprintOf, judge } from './idempotency.js';

describe('a request whose key is known', () => {
  const reply = { status: 201, type: 'application/json', body: '{}' };

  it('is answered again, has to wait, or is another request', () => {
    expect(judge({ fingerprint: 'a', reply }, 'a')).toBe('replay');
    expect(judge({ fingerprint: 'a', reply: null }, 'a')).toBe('wait');
    expect(judge({ fingerprint: 'a', reply }, 'b')).toBe('reused');
  });

  it('is the same when method, address and body are', () => {
    const same = fingerprintOf('POST', '/x', { a: 1 });
    expect(fingerprintOf('POST', '/x', { a: 1 })).toBe(same);
    for (const other of [fingerprintOf('POST', '/y', { a: 1 }), fingerprintOf('POST', '/x', { a: 2 })])
      expect(other).not.toBe(same);
    expect(fingerprintOf('POST', '/x', Buffer.from('a'))).not.toBe(
      fingerprintOf('POST', '/x', Buffer.from('b')),
    );
  });
});

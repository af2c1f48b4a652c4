import { describe, expect, it } from '@jest/globals';
import { errors, type JWTVerifyGetKey } from 'jose';
import { clientAddress, limitedNetwork } from './client-address.js';
import { mayCarryCookies } from './origin.js';
import { keysFromAny } from './signing-keys.js';

const PUBLIC = 'https://chat.example';
const cookie = 'theme=dark; parley_access=x';
const ask = (headers: Record<string, string>, opensSession = false, method = 'POST') =>
  mayCarryCookies({ method, headers: { host: 'localhost:8080', ...headers } }, opensSession, PUBLIC);

describe('mayCarryCookies', () => {
  it('believes our public origin and the host that was asked', () => {
    expect(ask({ cookie, origin: PUBLIC })).toBe(true);
    expect(ask({ cookie, origin: 'http://localhost:8080' })).toBe(true);
    expect(ask({ cookie, origin: 'http://LOCALHOST:8080', host: 'LOCALHOST:8080' })).toBe(true);
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost:9090',
    'file://localhost:8080',
    'https://chat.example.evil',
    '',
  ])('does not believe %j', (origin) => {
    expect(ask({ cookie, origin })).toBe(false);
    expect(ask({ origin }, true)).toBe(false);
  });

  it('wants an origin from whoever is authenticated by cookie', () => {
    expect(ask({ cookie })).toBe(false);
    expect(ask({ cookie: 'parley_refresh=x' }, true)).toBe(false);
  });

  it('asks nothing of safe methods, bearers, strangers and programs that log in', () => {
    expect(ask({ cookie, origin: 'https://evil.example' }, false, 'GET')).toBe(true);
    expect(ask({ cookie, authorization: 'Bearer x', origin: 'https://evil.example' })).toBe(true);
    expect(ask({ cookie: 'theme=dark' })).toBe(true);
    expect(ask({}, true)).toBe(true);
  });
});

describe('clientAddress', () => {
  it('is the peer, whatever is claimed, when no proxy is trusted', () => {
    expect(clientAddress('::ffff:10.0.0.9', '1.2.3.4', 0)).toEqual({
      ip: '10.0.0.9',
      forwardedFor: '10.0.0.9',
    });
    expect(clientAddress(undefined, undefined, 0)).toEqual({ ip: '', forwardedFor: '' });
  });

  it('is what the outermost trusted proxy saw', () => {
    expect(clientAddress('10.0.0.9', 'spoofed, 1.2.3.4', 1)).toEqual({
      ip: '1.2.3.4',
      forwardedFor: '1.2.3.4, 10.0.0.9',
    });
    expect(clientAddress('10.0.0.9', '6.6.6.6, 1.2.3.4, 10.0.0.8', 2).ip).toBe('1.2.3.4');
    expect(clientAddress('10.0.0.9', '1.2.3.4', 3).ip).toBe('1.2.3.4');
  });

  it('falls back to the peer when what it says is no address', () => {
    expect(clientAddress('10.0.0.9', 'unknown', 1)).toEqual({ ip: '10.0.0.9', forwardedFor: '10.0.0.9' });
    expect(clientAddress('10.0.0.9', undefined, 1).ip).toBe('10.0.0.9');
  });
});

describe('limitedNetwork', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
  ])('counts %s as %s', (ip, network) => {
    expect(limitedNetwork(ip)).toBe(network);
  });
});

describe('keysFromAny', () => {
  const key = { type: 'public' } as Awaited<ReturnType<JWTVerifyGetKey>>;
  const ask = (...sources: JWTVerifyGetKey[]) =>
    keysFromAny(sources)({ alg: 'EdDSA' }, { payload: '', signature: '' });
  const down: JWTVerifyGetKey = () => Promise.reject(new TypeError('fetch failed'));

  it('asks the next process when one is down', async () => {
    await expect(ask(down, async () => key)).resolves.toBe(key);
  });

  it('tells an unknown key from keys it could not get', async () => {
    await expect(ask(async () => Promise.reject(new errors.JWKSNoMatchingKey()))).rejects.toThrow(
      errors.JWKSNoMatchingKey,
    );
    await expect(ask(down, down)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isVapidPrivateKey, isVapidSubject, vapidOf } from './vapid.js';

const jwk = () =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' });

describe('what this server says of itself to push services', () => {
  it('has the public key that belongs to the private one', () => {
    const { d = '', x = '', y = '' } = jwk();
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    expect(vapidOf({ privateKey: `${d}=` }, 'https://chat.example')).toEqual({
      privateKey: d,
      publicKey: point.toString('base64url'),
      subject: 'https://chat.example',
    });
  });

  it('is nothing without a key', () => expect(vapidOf({}, 'https://chat.example')).toBeNull());

  it('names whom the operator says, else the site or its postmaster', () => {
    const { d: privateKey = '' } = jwk();
    const subject = (given: string | undefined, url: string) =>
      vapidOf({ privateKey, subject: given }, url)?.subject;
    expect(subject('mailto:ops@chat.example', 'https://chat.example')).toBe('mailto:ops@chat.example');
    expect(subject(undefined, 'https://chat.example/team')).toBe('https://chat.example');
    expect(subject(undefined, 'http://localhost:8080')).toBe('mailto:postmaster@localhost');
  });

  it('takes private keys of P-256 only', () => {
    expect(isVapidPrivateKey(jwk().d ?? '')).toBe(true);
    const zero = Buffer.alloc(32).toString('base64url');
    const order = Buffer.alloc(32, 0xff).toString('base64url');
    for (const bad of ['', 'abc', zero, order, '-----BEGIN PRIVATE KEY-----'])
      expect([bad, isVapidPrivateKey(bad)]).toEqual([bad, false]);
  });

  it('takes addresses that somebody can write to', () => {
    for (const good of ['mailto:ops@chat.example', 'https://chat.example'])
      expect([good, isVapidSubject(good)]).toEqual([good, true]);
    for (const bad of ['', 'ops@chat.example', 'mailto:', 'mailto:ops', 'http://chat.example', 'https://'])
      expect([bad, isVapidSubject(bad)]).toEqual([bad, false]);
  });
});

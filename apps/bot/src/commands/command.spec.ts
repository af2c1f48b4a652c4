import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { isFresh, MAX_AGE_MS, parseInvocation } from './command.js';
import { findCommand } from './command-registry.js';

describe('invocation', () => {
  it('is a slash and a word at the very start, with arguments after white space', () => {
    expect(parseInvocation('/ping')).toEqual({ name: 'ping', args: '' });
    expect(parseInvocation('/ping  a b\nc ')).toEqual({ name: 'ping', args: 'a b\nc' });
    expect(parseInvocation('/remind-me')).toEqual({ name: 'remind-me', args: '' });
  });

  it.each(['ping', ' /ping', '//ping', '/ ping', '/', '/Ping', '/ping!', 'see /ping'])(
    'is not %j',
    (text) => {
      expect(parseInvocation(text)).toBeNull();
    },
  );

  test.prop([fc.string({ unit: 'binary' })])('gives back the arguments it was given', (text) => {
    expect(parseInvocation(`/ping ${text}`)?.args).toBe(text.trim());
  });

  test.prop([fc.string({ unit: 'binary' })])('never throws', (text) => {
    expect(() => parseInvocation(text)).not.toThrow();
  });
});

describe('freshness', () => {
  const now = new Date('2026-01-01T12:00:00Z');
  it('lasts five minutes', () => {
    expect(isFresh(new Date(now.getTime() - MAX_AGE_MS).toISOString(), now)).toBe(true);
    expect(isFresh(new Date(now.getTime() - MAX_AGE_MS - 1).toISOString(), now)).toBe(false);
    expect(isFresh(new Date(now.getTime() + 1000).toISOString(), now)).toBe(true);
  });
});

describe('registry', () => {
  it('finds a command by its exact name', () => {
    expect(findCommand('ping')?.reply('')).toBe('pong');
    expect(findCommand('pin')).toBeNull();
    expect(findCommand('constructor')).toBeNull();
  });
});

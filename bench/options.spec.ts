import { describe, expect, it } from '@jest/globals';
import { parseOptions, SCENARIOS } from './options.ts';

describe('parseOptions', () => {
  it('runs every scenario in three rounds when nothing is said', () => {
    expect(parseOptions([])).toEqual({
      scenarios: SCENARIOS,
      quick: false,
      rounds: 3,
      peersOnly: false,
      complete: false,
      write: true,
    });
  });

  it('takes scenarios and options in any order', () => {
    const options = parseOptions(['--quick', 'fanout', 'send', '--rounds=2']);
    expect(options).toMatchObject({ scenarios: ['fanout', 'send'], quick: true, rounds: 2 });
  });

  it('never records a run without the product', () => {
    expect(parseOptions(['--peers']).write).toBe(false);
    expect(parseOptions(['--dry']).write).toBe(false);
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['sned'])).toThrow('There is no scenario "sned"');
    expect(() => parseOptions(['--fast'])).toThrow();
    expect(() => parseOptions(['--rounds=0'])).toThrow('--rounds');
  });
});

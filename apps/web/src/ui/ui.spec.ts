import { describe, expect, it } from 'vitest';
import { problemCodes } from '#contracts';
import { hueOf, initialsOf } from './avatar.js';
import { dayLabel, shortTime } from './dates.js';
import { explain } from './explain.js';

describe('explain', () => {
  it('has a sentence for every problem code, for no reply and for a code from the future', () => {
    for (const code of problemCodes) expect(explain(code)).toMatch(/^[A-Z].+\.$/);
    expect(explain(null)).toMatch(/reached/);
    expect(explain('from_the.future' as never)).toBe(explain('internal'));
  });
});

describe('dayLabel', () => {
  const now = new Date(2026, 4, 4, 0, 5);

  it('speaks of days as the calendar does, not in spans of 24 hours', () => {
    expect(dayLabel(new Date(2026, 4, 4, 0, 1).toISOString(), now)).toBe('Today');
    expect(dayLabel(new Date(2026, 4, 3, 23, 59).toISOString(), now)).toBe('Yesterday');
    expect(dayLabel(new Date(2026, 4, 1).toISOString(), now)).not.toMatch(/2026/);
    expect(dayLabel(new Date(2025, 4, 4).toISOString(), now)).toMatch(/2025/);
  });

  it('gives the time of day only for today', () => {
    expect(shortTime(new Date(2026, 4, 4, 0, 1).toISOString(), now)).toMatch(/01/);
    expect(shortTime(new Date(2026, 4, 3, 23, 1).toISOString(), now)).toBe('Yesterday');
  });
});

describe('avatar', () => {
  it('takes the first letters of the first and last name', () => {
    expect(initialsOf('Grace Brewster Hopper')).toBe('GH');
    expect(initialsOf(' ada ')).toBe('A');
    expect(initialsOf('👩‍🚀 Team')).toBe('👩‍🚀T');
    expect(initialsOf('')).toBe('');
  });

  it('gives a person always the same hue', () => {
    expect(hueOf('a-1')).toBe(hueOf('a-1'));
    expect(hueOf('a-1')).toBeLessThan(8);
  });
});

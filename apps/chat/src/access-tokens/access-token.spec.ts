import { describe, expect, it } from '@jest/globals';
import { hourToNote } from './access-token.js';

describe('hourToNote', () => {
  const at = (time: string) => new Date(`2026-01-15T${time}Z`);

  it('is the hour of the first use in it', () => {
    expect(hourToNote(null, at('09:59:59.999'))).toEqual(at('09:00:00'));
    expect(hourToNote(at('09:00:00'), at('10:00:00'))).toEqual(at('10:00:00'));
  });

  it('is nothing for later ones, also when clocks differ', () => {
    expect(hourToNote(at('09:00:00'), at('09:59:59.999'))).toBeNull();
    expect(hourToNote(at('10:00:00'), at('09:59:59.999'))).toBeNull();
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SecretBox } from './secret-box.js';

const box = new SecretBox('a-secret', 'tests');
const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));

describe('a sealed secret', () => {
  it('opens for its owner, and looks different each time', () => {
    fc.assert(
      fc.property(bytes, fc.string(), (plain, owner) => {
        const [one, two] = [box.seal(plain, owner), box.seal(plain, owner)];
        expect(box.open(one, owner)).toEqual(plain);
        expect(one).not.toEqual(two);
      }),
    );
  });

  it('does not open for another owner, purpose or key, nor when a byte was changed', () => {
    const sealed = box.seal(Buffer.from('plain'), 'ada');
    expect(() => box.open(sealed, 'bob')).toThrow();
    expect(() => new SecretBox('a-secret', 'others').open(sealed, 'ada')).toThrow();
    expect(() => new SecretBox('another', 'tests').open(sealed, 'ada')).toThrow();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => box.open(changed, 'ada')).toThrow();
    }
  });
});

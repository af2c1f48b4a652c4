import { describe, expect, it } from '@jest/globals';
import { etag, requireVersion } from './etag.js';

describe('If-Match', () => {
  it('lets through who knows the version, and who does not care', () => {
    for (const header of [undefined, '*', etag(3), `"2", ${etag(3)}`])
      expect(() => requireVersion(header, 3)).not.toThrow();
  });

  it('refuses who knows another version, and weak or malformed tags', () => {
    for (const header of [etag(2), 'W/"3"', '3', ''])
      expect(() => requireVersion(header, 3)).toThrow(
        expect.objectContaining({ code: 'precondition.failed' }),
      );
  });
});

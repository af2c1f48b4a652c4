import { describe, expect, it } from 'vitest';
import { channelPath, nextPath } from './router-paths.js';

describe('nextPath', () => {
  it('leads to paths of ours only', () => {
    expect(nextPath('/invite/abc?x=1')).toBe('/invite/abc?x=1');
    for (const foreign of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '',
      null,
      undefined,
      ['/a'],
    ])
      expect(nextPath(foreign)).toBe('/');
  });

  it('knows where channels are', () => {
    expect(channelPath('w', 'c')).toBe('/w/w/c/c');
  });
});

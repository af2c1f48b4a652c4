import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChannelName } from '#contracts';
import { channelNameError, tidyChannelName } from './channel-name.js';

describe('tidyChannelName', () => {
  it('turns what people type into a channel name', () => {
    expect(tidyChannelName('  #Team Berlin ')).toBe('team-berlin');
    expect(channelNameError('Đà Nẵng')).toBe('');
    expect(channelNameError('   ')).toMatch(/name/);
    expect(channelNameError('a/b')).toMatch(/letters/);
  });

  it('accepts nothing that the server would refuse', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (input) => {
        if (channelNameError(input) !== '') return;
        expect(ChannelName.parse(tidyChannelName(input))).toBe(tidyChannelName(input));
      }),
    );
  });
});

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
    // A letter that nobody sees, and one that stands for eighteen.
    expect(channelNameError('\uFFA0')).toMatch(/letters/);
    expect(channelNameError('\uFDFA'.repeat(5))).not.toBe('');
    expect(channelNameError('\uFB03'.repeat(27))).toMatch(/80/);
  });

  it('accepts nothing that the server would refuse', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (input) => {
        if (channelNameError(input) !== '') return;
        expect(ChannelName.parse(tidyChannelName(input))).toBe(tidyChannelName(input));
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseMentions } from '#contracts';
import { callOf } from './call.js';

const ADA = '019bc0a1-7c00-7a10-8000-00000000a001';
const BOB = '019bc0a1-7c00-7a10-8000-00000000a002';
const OPS = '019bc0a1-7c00-7a10-8000-00000000a003';
const call = (text: string, ...earlier: string[]) => callOf(parseMentions(text), earlier);

describe('whom a message calls', () => {
  it('are people, groups and everyone; everyone rather than those who are here', () => {
    expect(call(`<@${ADA}> <@&${OPS}> @here`)).toEqual({ userIds: [ADA], groupIds: [OPS], wide: 'here' });
    expect(call('@here and @channel').wide).toBe('channel');
    expect(call('nobody')).toEqual({ userIds: [], groupIds: [], wide: null });
  });

  it('are after an edit those whom no wording called before', () => {
    expect(call(`<@${ADA}> <@${BOB}>`, `<@${ADA}>`)).toEqual({ userIds: [BOB], groupIds: [], wide: null });
    expect(call(`<@${ADA}>`, `<@${ADA}>`, 'without').userIds).toEqual([]);
    expect(call('@channel', '@here').wide).toBe('channel');
    expect(call('@channel', '@channel').wide).toBeNull();
  });

  it('are called by the wording, not by code in it', () => {
    expect(call(`<@${ADA}>`, `\`<@${ADA}>\``).userIds).toEqual([ADA]);
  });
});

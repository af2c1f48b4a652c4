import { describe, expect, it } from '@jest/globals';
import type { ChannelAccess } from '../access/access.service.js';
import type { UserId } from '#contracts';
import { refusal } from './move.js';

const [ada, bob] = ['ada', 'bob'] as UserId[] as [UserId, UserId];
const channel = (fields: Partial<ChannelAccess> = {}) =>
  ({
    kind: 'public',
    posting: 'everyone',
    archivedAt: null,
    channelRole: 'member',
    workspaceRole: 'member',
    ...fields,
  }) as ChannelAccess;

describe('moving', () => {
  it('is for authors alone with their words, and for moderators', () => {
    expect(refusal(ada, [ada, ada], channel(), channel())).toBeNull();
    expect(refusal(ada, [ada, bob], channel(), channel())).toBe('permission.denied');
    expect(refusal(ada, [bob], channel({ channelRole: 'admin' }), channel())).toBeNull();
    expect(refusal(ada, [bob], channel({ workspaceRole: 'admin' }), channel())).toBeNull();
    expect(refusal(ada, [bob], channel(), channel({ channelRole: 'admin' }))).toBe('permission.denied');
  });

  it("takes nobody else's words out of a conversation, whoever asks", () => {
    const direct = channel({ kind: 'direct', workspaceRole: 'owner', channelRole: 'admin' });
    expect(refusal(ada, [bob], direct, channel())).toBe('message.not_author');
    expect(refusal(ada, [ada], direct, channel())).toBeNull();
  });

  it('goes only where the mover may post', () => {
    expect(refusal(ada, [ada], channel(), channel({ archivedAt: new Date() }))).toBe('channel.archived');
    expect(refusal(ada, [ada], channel(), channel({ posting: 'admins' }))).toBe('channel.read_only');
    expect(refusal(ada, [ada], channel(), channel({ posting: 'admins', channelRole: 'admin' }))).toBeNull();
  });
});

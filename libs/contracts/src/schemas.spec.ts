import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { z } from 'zod';
import {
  ChannelName,
  ClientMessageId,
  BulkMembers,
  CreateInvite,
  Email,
  HistoryQuery,
  MessageText,
  OpenDirect,
  PageQuery,
  ParleyEvent,
  Register,
  SendMessage,
  StreamCursor,
  UpdateWorkspace,
  UserId,
} from './index.js';
import { examples } from '../scripts/examples.js';
import { routes, type OperationId, type Route } from './routes.js';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
const clientMessageId = '5f0c6a3e-8d5b-4a53-9a35-1f7b8f3d2c11';
const userId = '019bc0a1-7c00-7a10-8000-00000000a001';
const channelIds = Array.from(
  { length: 60 },
  (_, n) => `019bc0a1-7c00-7a10-8000-${String(n).padStart(12, '0')}`,
);

describe('ids', () => {
  it('are UUIDv7, but those chosen by senders any UUID', () => {
    expect(accepts(UserId, userId)).toBe(true);
    expect(accepts(UserId, clientMessageId)).toBe(false);
    expect(accepts(ClientMessageId, clientMessageId)).toBe(true);
    expect(accepts(UserId, 'users')).toBe(false);
  });

  it.each(['e-0', '1kx9-18446744'])('have %s for a cursor', (cursor) => {
    expect(accepts(StreamCursor, cursor)).toBe(true);
  });

  it.each(['', '5', 'e-', '-5', 'E-5', 'e--5', 'e-5\n', 'e-12345678901234567'])(
    'have not %j for a cursor',
    (cursor) => {
      expect(accepts(StreamCursor, cursor)).toBe(false);
    },
  );
});

describe('SendMessage', () => {
  it('is a clientMessageId and a text', () => {
    expect(accepts(SendMessage, { clientMessageId, text: 'hi' })).toBe(true);
  });

  it.each([
    ['an unknown field', { clientMessageId, text: 'hi', channelId: 'c' }],
    ['no id', { text: 'hi' }],
    ['a number for text', { clientMessageId, text: 5 }],
    ['null', null],
    ['a list', []],
  ])('is not %s', (_, body) => {
    expect(accepts(SendMessage, body)).toBe(false);
  });
});

describe('MessageText', () => {
  it('is any well-formed text that is not blank', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(text, (value) =>
        expect(accepts(MessageText, value)).toBe(/\S/u.test(value) && !value.includes('\0')),
      ),
    );
  });

  it('is kept as it was written', () => {
    expect(MessageText.parse('  two\n spaces  ')).toBe('  two\n spaces  ');
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n\t'],
    ['U+0000', 'a\0b'],
    ['a lone surrogate', 'a\ud800'],
    ['too long', 'x'.repeat(16_001)],
  ])('is not %s', (_, text) => {
    expect(accepts(MessageText, text)).toBe(false);
  });

  it('may be as long as its limit', () => {
    expect(accepts(MessageText, 'x'.repeat(16_000))).toBe(true);
  });
});

describe('ChannelName', () => {
  it.each([
    ['General', 'general'],
    ['  đà-nẵng ', 'đà-nẵng'],
    ['ｆｕｌｌ', 'full'],
    ['搜索_2', '搜索_2'],
    // Capitals that are capitals only after they are normalized.
    ['ᴬℋ', 'ah'],
  ])('makes %j of %j', (typed, name) => {
    expect(ChannelName.parse(typed)).toBe(name);
  });

  it('leaves a name as it is', () => {
    const letters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(letters, (typed) => {
        const { data: name } = ChannelName.safeParse(typed);
        if (name !== undefined) expect(ChannelName.parse(name)).toBe(name);
      }),
    );
  });

  it.each([
    '',
    '-x',
    'two words',
    '#general',
    'a/b',
    'x'.repeat(81),
    '\u3164',
    'general\u034F',
    'general\u115F',
    'general\uFE0F',
  ])('is not %j', (name) => {
    expect(accepts(ChannelName, name)).toBe(false);
  });
});

describe('accounts', () => {
  it('compare addresses without case and surrounding space', () => {
    expect(Email.parse(' Ada@Example.ORG ')).toBe('ada@example.org');
  });

  it.each(['ada', 'ada@', '@example.org', `${'a'.repeat(250)}@example.org`])(
    'have not %j for an address',
    (email) => {
      expect(accepts(Email, email)).toBe(false);
    },
  );

  it('give tokens in the body unless asked for cookies', () => {
    const body = { email: 'ada@example.org', name: 'Ada', password: 'long enough' };
    expect(Register.parse(body).transport).toBe('token');
    expect(accepts(Register, { ...body, transport: 'carrier pigeon' })).toBe(false);
    expect(accepts(Register, { ...body, password: 'short' })).toBe(false);
    expect(accepts(Register, { ...body, role: 'owner' })).toBe(false);
  });
});

describe('queries', () => {
  it('turn digits into numbers and have defaults', () => {
    expect(PageQuery.parse({ limit: '20' })).toEqual({ limit: 20 });
    expect(HistoryQuery.parse({})).toEqual({ limit: 50 });
    expect(HistoryQuery.parse({ before: '7' })).toEqual({ before: 7, limit: 50 });
  });

  it.each([{ limit: '0' }, { limit: '201' }, { limit: 'many' }, { limit: '1.5' }, { offset: '5' }])(
    'are not %j',
    (query) => {
      expect(accepts(PageQuery, query)).toBe(false);
      expect(accepts(HistoryQuery, query)).toBe(false);
    },
  );

  it('do not page both ways at once', () => {
    expect(accepts(HistoryQuery, { before: '7', after: '3' })).toBe(false);
  });
});

describe('other bodies', () => {
  it('invite members for a week and without limit by default', () => {
    expect(CreateInvite.parse({})).toEqual({
      expiresInHours: 168,
      maxUses: null,
      role: 'member',
      channelIds: [],
    });
  });

  it('invite guests into channels, a single-channel guest into exactly one', () => {
    const into = (role: string, count: number) =>
      accepts(CreateInvite, { role, channelIds: channelIds.slice(0, count) });
    expect([into('guest', 0), into('guest', 1), into('guest', 50), into('guest', 51)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([0, 1, 2].map((count) => into('single_channel_guest', count))).toEqual([false, true, false]);
    expect([into('member', 0), into('member', 2), into('admin', 0)]).toEqual([true, true, false]);
  });

  it('allow domains of e-mail addresses and nothing that looks like one', () => {
    const allows = (domain: string) => accepts(UpdateWorkspace, { allowedDomains: [domain] });
    for (const domain of ['example.org', 'MAIL.Example.co.uk', 'xn--mnchen-3ya.de'])
      expect(allows(domain)).toBe(true);
    for (const domain of [
      'localhost',
      '@example.org',
      'a@example.org',
      '*.org',
      'exa mple.org',
      '-a.org',
      'a..org',
      '1.2.3.4',
    ])
      expect(allows(domain)).toBe(false);
  });

  it('colour a workspace in hex only', () => {
    const accent = '#000000';
    for (const primary of ['#ABCDEF', '#012345'])
      expect(accepts(UpdateWorkspace, { branding: { primary, accent } })).toBe(true);
    for (const primary of ['red', '#fff', '#12345g', 'url(x)', '#0123456'])
      expect(accepts(UpdateWorkspace, { branding: { primary, accent } })).toBe(false);
  });

  it('change many members only with what the action takes', () => {
    const userIds = [userId];
    expect(accepts(BulkMembers, { action: 'deactivate', userIds })).toBe(true);
    expect(accepts(BulkMembers, { action: 'deactivate', userIds, role: 'member' })).toBe(false);
    expect(accepts(BulkMembers, { action: 'change_role', userIds })).toBe(false);
    expect(accepts(BulkMembers, { action: 'change_role', userIds, role: 'bot' })).toBe(false);
    expect(
      accepts(BulkMembers, { action: 'change_role', userIds, role: 'guest', customRoleId: userId }),
    ).toBe(false);
  });

  it('open a conversation with one to eight others', () => {
    expect(accepts(OpenDirect, { userIds: [] })).toBe(false);
    expect(accepts(OpenDirect, { userIds: Array(8).fill(userId) })).toBe(true);
    expect(accepts(OpenDirect, { userIds: Array(9).fill(userId) })).toBe(false);
  });
});

describe('events', () => {
  const event = {
    id: userId,
    type: 'member.left',
    source: 'chat',
    time: '2026-01-15T09:30:00.000Z',
    workspaceId: userId,
    channelId: null,
    actorId: userId,
    traceparent: null,
    data: { userId, reason: 'left' },
    seq: null,
  };

  it('are told apart by type', () => {
    expect(ParleyEvent.parse(event).type).toBe('member.left');
    expect(accepts(ParleyEvent, { ...event, type: 'message.created' })).toBe(false);
    expect(accepts(ParleyEvent, { ...event, type: 'poll.closed' })).toBe(false);
  });

  it('may carry what a newer version adds', () => {
    expect(accepts(ParleyEvent, { ...event, later: 1, data: { ...event.data, later: 1 } })).toBe(true);
  });

  it.each(['id', 'source', 'time', 'workspaceId', 'actorId', 'traceparent', 'data', 'seq'])(
    'always have %s',
    (name) => {
      expect(accepts(ParleyEvent, { ...event, [name]: undefined })).toBe(false);
    },
  );
});

describe('examples of the API description', () => {
  const all = Object.entries(examples) as [OperationId, { body?: unknown; response?: unknown }][];

  it.each(all)('of %s fit their schemas', (id, { body, response }) => {
    const route: Route = routes[id];
    if (body !== undefined) expect(route.body?.safeParse(body).error).toBeUndefined();
    if (response !== undefined) expect(route.response?.safeParse(response).error).toBeUndefined();
  });
});

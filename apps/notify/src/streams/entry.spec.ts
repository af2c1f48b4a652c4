import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { eventSubject } from '#contracts';
import { aChannel, aMessageCreated, anEvent, aUser, newId, parseFrame } from '#testing';
import { formatCursor, parseCursor } from './cursor.js';
import { entryOf, sseFrame } from './entry.js';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const subjectOf = (
  event: { type: string; workspaceId: string | null },
  scope: 'channel' | 'user' | 'workspace',
) =>
  eventSubject({
    partition: 0,
    workspace: event.workspaceId ?? '_',
    scope,
    id: newId.channel(),
    type: event.type as never,
  });

describe('a cursor', () => {
  test.prop([fc.integer({ min: 0, max: 2 ** 50 }), fc.stringMatching(/^[0-9a-z]{1,16}$/)])(
    'is read as it was written',
    (seq, epoch) => {
      expect(parseCursor(formatCursor(epoch, seq))).toEqual({ epoch, seq });
    },
  );

  it.each(['', 'x', '-1', 'a-', 'a-1-2', 'A-1', 'a-1 ', ' a-1', 'a-99999999999999999'])(
    'is not %j',
    (text) => {
      expect(parseCursor(text)).toBeNull();
    },
  );
});

describe('a frame', () => {
  test.prop([fc.json()])('carries the payload as it was received', (payload) => {
    const frame = sseFrame('e-7', 'message.created', Buffer.from(payload)).toString();
    expect(frame.endsWith('\n\n')).toBe(true);
    const parsed = parseFrame(frame.slice(0, -2));
    expect(parsed).toMatchObject({ id: 'e-7', event: 'message.created' });
    expect(JSON.parse(parsed.data)).toEqual(JSON.parse(payload));
  });

  it('is not broken by line breaks between the tokens of its payload', () => {
    const frame = sseFrame('e-1', 'x', Buffer.from('{\r\n"a":\n"\\n"}')).toString();
    expect(frame).toBe('id: e-1\nevent: x\ndata: {  "a": "\\n"}\n\n');
  });
});

describe('an entry', () => {
  const read = (
    event: { type: string; workspaceId: string | null },
    scope: 'channel' | 'user' | 'workspace',
  ) => entryOf('e', 5, subjectOf(event, scope), bytes(event));

  it('knows its address and no change for a message', () => {
    const event = aMessageCreated();
    expect(read(event, 'channel')).toMatchObject({
      seq: 5,
      workspace: event.workspaceId,
      scope: 'channel',
      change: null,
      revokedSession: null,
    });
  });

  it('knows who joins and leaves what', () => {
    const channel = aChannel();
    const user = aUser();
    const joined = { user, role: 'member' as const, channel, lastReadSeq: 0 };
    expect(read(anEvent('member.joined', joined), 'channel')?.change).toEqual({
      kind: 'join',
      channelId: channel.id,
      userIds: [user.id],
    });
    const entered = anEvent('member.joined', { ...joined, channel: null, lastReadSeq: null });
    expect(read(entered, 'workspace')?.change).toMatchObject({ kind: 'join', channelId: null });
    const left = anEvent('member.left', { userId: user.id, reason: 'left' }, { channelId: channel.id });
    expect(read(left, 'channel')?.change).toEqual({
      kind: 'leave',
      channelId: channel.id,
      userIds: [user.id],
    });
    const created = anEvent('channel.created', { channel, memberIds: [user.id] });
    expect(read(created, 'channel')?.change).toEqual({
      kind: 'join',
      channelId: channel.id,
      userIds: [user.id],
    });
  });

  it('knows whose role in the workspace is another one, and that a workspace is gone', () => {
    const data = { userId: newId.user(), role: 'guest' as const, customRoleId: null, version: 2 };
    const entry = read(anEvent('member.role_changed', data), 'workspace');
    expect(entry?.change).toEqual({
      kind: 'role',
      channelId: null,
      userIds: [data.userId],
      role: 'guest',
      version: 2,
    });
    const inChannel = anEvent('member.role_changed', data, { channelId: newId.channel() });
    expect(read(inChannel, 'channel')?.change).toBeNull();
    const deleted = anEvent('workspace.deleted', { workspaceId: newId.workspace() });
    expect(read(deleted, 'workspace')?.change).toMatchObject({ kind: 'close', channelId: null });
  });

  it('knows the session that was revoked', () => {
    const sessionId = newId.session();
    const event = anEvent('session.revoked', { sessionId }, { workspaceId: null });
    expect(read(event, 'user')).toMatchObject({ workspace: '_', revokedSession: sessionId });
  });

  it('is not made of a foreign subject, and never of an unreadable membership event', () => {
    expect(entryOf('e', 1, 'dlq.v1.bot', bytes({}))).toBeNull();
    const subject = subjectOf({ type: 'member.left', workspaceId: newId.workspace() }, 'channel');
    expect(() => entryOf('e', 1, subject, Buffer.from('{'))).toThrow(SyntaxError);
  });
});

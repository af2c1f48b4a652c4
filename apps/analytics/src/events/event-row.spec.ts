import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { aMessage, aMessageCreated, anEvent, newId } from '#testing';
import { AnyEvent, clickhouseTime, rowOf } from './event-row.js';

const NONE = '00000000-0000-0000-0000-000000000000';

describe('event row', () => {
  it('has the length of a text and nothing else of it', () => {
    const event = aMessageCreated(aMessage({ text: 'top secret' }));
    const row = rowOf(event);
    expect(row).toMatchObject({ message_id: event.data.message.id, text_length: 10 });
    expect(JSON.stringify(row)).not.toContain('secret');
  });

  it('has no message where none is meant', () => {
    const event = anEvent('session.revoked', { sessionId: newId.session() }, { workspaceId: null });
    expect(rowOf(event)).toMatchObject({
      type: 'session.revoked',
      workspace_id: NONE,
      channel_id: NONE,
      message_id: NONE,
      seq: 0,
      text_length: 0,
    });
  });

  test.prop([fc.anything()])('is made of any data', (data) => {
    const event = anEvent('member.left', { userId: newId.user(), reason: 'left' });
    expect(rowOf({ ...event, data })).toMatchObject({ id: event.id, message_id: NONE });
  });

  it('needs an id and a time', () => {
    const event = aMessageCreated();
    expect(AnyEvent.safeParse(event).success).toBe(true);
    expect(AnyEvent.safeParse({ ...event, type: 'not.yet.known' }).success).toBe(true);
    expect(AnyEvent.safeParse({ ...event, id: 'x' }).success).toBe(false);
    expect(AnyEvent.safeParse({ ...event, time: 'yesterday' }).success).toBe(false);
  });

  test.prop([fc.date({ min: new Date(0), max: new Date('2290-01-01'), noInvalidDate: true })])(
    'writes times that read back as the same instant',
    (time) => {
      const text = clickhouseTime(time);
      expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
      expect(new Date(`${text.replace(' ', 'T')}Z`)).toEqual(time);
    },
  );
});

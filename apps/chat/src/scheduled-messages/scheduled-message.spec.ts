import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { ClientMessageId, Recurrence, ScheduledMessageId } from '#contracts';
import { uuidv7 } from '#core';
import { clientMessageIdOf, dueAfterSending } from './scheduled-message.js';

const id = ScheduledMessageId.parse(uuidv7());
const daily = (more: Partial<Recurrence> = {}) =>
  Recurrence.parse({ freq: 'daily', timeZone: 'UTC', ...more });
const at = (day: string) => new Date(`2026-01-${day}T09:00:00.000Z`);

describe('the clientMessageId of a scheduled message', () => {
  it('is that of RFC 9562 §5.5', () => {
    // python3 -c "import uuid; print(uuid.uuid5(uuid.NAMESPACE_DNS, '7'))"
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8' as ScheduledMessageId;
    expect(clientMessageIdOf({ id: dns, occurrence: 7 })).toBe('a9f96b98-dd44-5216-ab0d-dbfc6b262edf');
  });

  test.prop([fc.integer({ min: 0 }), fc.integer({ min: 0 })])(
    'is one for each occurrence, and the same for each try',
    (one, other) => {
      const first = clientMessageIdOf({ id, occurrence: one });
      expect(ClientMessageId.parse(first)).toBe(first);
      expect(first === clientMessageIdOf({ id, occurrence: other })).toBe(one === other);
    },
  );
});

describe('a scheduled message that was sent', () => {
  it('is over when it does not recur', () => {
    const once = { recurrence: null, firstAt: at('01'), sendAt: at('01'), sentCount: 0 };
    expect(dueAfterSending(once, at('01'))).toBeNull();
  });

  it('is due again, from its time or from now, whichever is later', () => {
    const row = { recurrence: daily(), firstAt: at('01'), sendAt: at('03'), sentCount: 2 };
    expect(dueAfterSending(row, new Date(at('03').getTime() + 500))).toEqual(at('04'));
    expect(dueAfterSending(row, at('02'))).toEqual(at('04'));
    expect(dueAfterSending(row, at('09'))).toEqual(at('10'));
  });

  test.prop([fc.integer({ min: 1, max: 30 })])('is sent as often as it says', (count) => {
    let row = { recurrence: daily({ count }), firstAt: at('01'), sendAt: at('01'), sentCount: 0 };
    let sent = 0;
    for (;;) {
      sent++;
      const sendAt = dueAfterSending(row, row.sendAt);
      if (!sendAt) break;
      row = { ...row, sendAt, sentCount: row.sentCount + 1 };
    }
    expect(sent).toBe(count);
  });
});

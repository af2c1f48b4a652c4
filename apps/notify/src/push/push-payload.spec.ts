import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uuidv7 } from '#core';
import { newId } from '#testing';
import { payloadsOf, treatmentOf, type About, type PushPayload } from './push-payload.js';

const about: About = {
  notificationId: uuidv7() as About['notificationId'],
  workspaceId: newId.workspace(),
  channelId: newId.channel(),
  messageId: newId.message(),
  threadId: null,
  reason: 'mention',
};
const notice = { workspaceName: 'Acme', channelName: 'general', senderName: 'Ada', preview: 'Lunch?' };
const read = (json: string | undefined) => JSON.parse(json ?? '') as PushPayload;

describe('what a push says', () => {
  it('is who, where and what; less where that is too large', () => {
    const payloads = payloadsOf(about, notice, 'full').map(read);
    expect(payloads.map(({ content, senderName, text }) => [content, senderName, text])).toEqual([
      ['full', 'Ada', 'Lunch?'],
      ['full', 'Ada', undefined],
      ['minimal', undefined, undefined],
    ]);
    expect(payloads[0]).toMatchObject({
      messageId: about.messageId,
      workspaceName: 'Acme',
      reason: 'mention',
    });
  });

  it('is nothing but where to look, for screens that others see', () => {
    const payloads = payloadsOf(about, notice, 'minimal');
    expect(payloads.map(read)).toEqual([
      {
        type: 'notification',
        content: 'minimal',
        notificationId: about.notificationId,
        workspaceId: about.workspaceId,
        channelId: about.channelId,
        messageId: about.messageId,
        threadId: null,
      },
    ]);
    for (const word of ['Acme', 'general', 'Ada', 'Lunch']) expect(payloads.join()).not.toContain(word);
  });

  it('always fits, and tells its size in steps only', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2000 });
    fc.assert(
      fc.property(text, text, text, (preview, senderName, channelName) => {
        const payloads = payloadsOf(about, { ...notice, preview, senderName, channelName }, 'full');
        expect(payloads.length).toBeGreaterThan(0);
        for (const payload of payloads) {
          const bytes = Buffer.byteLength(payload);
          expect(bytes).toBeLessThanOrEqual(3993);
          expect(bytes % 256 === 0 || bytes === 3993).toBe(true);
        }
      }),
    );
  });
});

describe('how a push is treated', () => {
  const topic = (of: Partial<About>, subscription: string) =>
    treatmentOf({ ...about, ...of }, subscription).topic;

  it('as one of its conversation, which differs by device', () => {
    expect(topic({}, 'a')).toBe(topic({ messageId: newId.message() }, 'a'));
    expect(topic({}, 'a')).not.toBe(topic({}, 'b'));
    expect(topic({}, 'a')).not.toBe(topic({ channelId: newId.channel() }, 'a'));
    expect(topic({}, 'a')).not.toBe(topic({ threadId: newId.message() }, 'a'));
    expect(topic({}, 'a')).toMatch(/^[A-Za-z0-9_-]{32}$/);
  });

  it('as urgent when somebody is called', () => {
    const urgency = (reason: About['reason']) => treatmentOf({ ...about, reason }, 'a').urgency;
    expect([urgency('direct'), urgency('mention'), urgency('thread'), urgency('channel')]).toEqual([
      'high',
      'high',
      'normal',
      'normal',
    ]);
  });
});

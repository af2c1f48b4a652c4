import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Notice, Recipient } from '#contracts';
import { uuidv7 } from '#core';
import { newId } from '#testing';
import type { Item } from './digest.js';
import { stringsAccepted, stringsFor } from './mail-strings.js';
import { notificationMail } from './notification-mail.js';

const ada: Recipient & { email: string } = {
  userId: newId.user(),
  name: 'Ada',
  email: 'ada@example.org',
  locale: null,
  timeZone: null,
};
const site = {
  publicUrl: 'https://chat.example',
  unsubscribeUrl: 'https://chat.example/api/v1/email-unsubscriptions/abc',
};
const [workspaceId, channelId] = [newId.workspace(), newId.channel()];
const item = (notice: Partial<Notice> = {}, fields: Partial<Item['delivery']> = {}): Item => ({
  delivery: {
    id: uuidv7(),
    attempt: 1,
    channel: 'email',
    dueAt: new Date('2026-03-02T09:00:00Z'),
    notificationId: uuidv7() as Item['delivery']['notificationId'],
    userId: ada.userId,
    workspaceId,
    channelId,
    messageId: newId.message(),
    threadId: null,
    senderId: newId.user(),
    reason: 'mention',
    createdAt: new Date('2026-03-02T08:05:00Z'),
    ...fields,
  },
  notice: {
    workspaceName: 'Acme',
    channelName: 'general',
    senderName: 'Grace',
    preview: 'Lunch?',
    ...notice,
  },
});

describe('a mail about messages', () => {
  it('says who wrote what and where, with a link to it', () => {
    const { to, subject, text, html } = notificationMail([item()], ada, site);
    expect([to, subject]).toEqual(['ada@example.org', 'Grace mentioned you in #general']);
    expect(text).toBe(
      [
        '== Acme ==',
        '#general',
        'Grace (Mar 2, 2026, 8:05 AM):\n  Lunch?',
        `Open: https://chat.example/w/${workspaceId}/c/${channelId}`,
        '-- \nYou get this mail because you had not read it yet.\nNo more mails about messages: https://chat.example/api/v1/email-unsubscriptions/abc\n',
      ].join('\n\n'),
    );
    for (const part of [
      'Acme',
      '#general',
      'Grace',
      'Lunch?',
      `/w/${workspaceId}/c/${channelId}`,
      site.unsubscribeUrl,
    ])
      expect(html).toContain(part);
  });

  it.each([
    ['de-AT', 'Europe/Vienna', 'Grace hat dich in #general erwähnt', '02.03.2026, 09:05'],
    ['vi', 'Asia/Ho_Chi_Minh', 'Grace đã nhắc đến bạn trong #general', '15:05 2 thg 3, 2026'],
    ['zh-CN', 'Asia/Shanghai', 'Grace 在 #general 中提到了你', '2026年3月2日 16:05'],
    ['ja', 'Asia/Tokyo', 'Grace さんが #general であなたにメンションしました', '2026/03/02 17:05'],
    ['xx', 'No/Where', 'Grace mentioned you in #general', 'Mar 2, 2026, 8:05 AM'],
  ])('speaks %s, on the clock of %s', (locale, timeZone, subject, when) => {
    const mail = notificationMail([item()], { ...ada, locale, timeZone }, site);
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(`(${when})`);
    expect(mail.html).toContain(`lang="${stringsFor(locale).language}"`);
  });

  it('tells several in one, and counts what is too much', () => {
    const many = Array.from({ length: 30 }, (_, n) => item({ preview: `no ${n}.` }));
    const { subject, text, html } = notificationMail(many, ada, site);
    expect(subject).toBe('30 unread messages in Acme');
    expect(text.match(/no \d+\./g)).toHaveLength(25);
    expect(text).toContain('and 5 more messages');
    expect(html).toContain('and 5 more messages');
    const elsewhere = item({ workspaceName: 'Other' }, { workspaceId: newId.workspace() });
    expect(notificationMail([item(), elsewhere], ada, site).subject).toBe('2 unread messages');
  });

  it('continues the conversation it is about, and can be stopped by a mail program', () => {
    const [first, second] = [notificationMail([item()], ada, site), notificationMail([item()], ada, site)];
    expect(first.messageId).not.toBe(second.messageId);
    expect(first.inReplyTo).toBe(second.inReplyTo);
    expect(first.headers).toEqual({
      'List-Unsubscribe': `<${site.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
  });

  it('lets nobody’s name or words become markup, a header or a line of their own', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 80 });
    const plain = notificationMail([item()], ada, site);
    const lines = (text: string) => text.split('\n').length;
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        (senderName, channelName, workspaceName, preview) => {
          const mail = notificationMail(
            [item({ senderName, channelName, workspaceName, preview })],
            ada,
            site,
          );
          expect(mail.subject).not.toMatch(/[\r\n]/);
          expect(lines(mail.text)).toBe(lines(plain.text));
          expect(mail.html.match(/</g)?.length).toBe(plain.html.match(/</g)?.length);
          expect(mail.html.match(/"/g)?.length).toBe(plain.html.match(/"/g)?.length);
        },
      ),
    );
  });

  it('needs nothing from elsewhere', () => {
    expect(notificationMail([item()], ada, site).html).not.toMatch(/src=|url\(|<link|<script|@import/);
  });

  it('says so where there is no text, and where nobody else is', () => {
    const { text, subject } = notificationMail(
      [item({ preview: '', channelName: null }, { reason: 'direct' })],
      ada,
      site,
    );
    expect(subject).toBe('Grace sent you a message');
    expect(text).toContain('Direct message');
    expect(text).toContain('(no text)');
  });
});

describe('the words of mails', () => {
  it('are complete in each language', () => {
    const shape = (locale: string) => Object.keys(stringsFor(locale)).sort();
    for (const locale of ['de', 'vi', 'zh', 'ja']) {
      expect(stringsFor(locale).language).toBe(locale);
      expect(shape(locale)).toEqual(shape('en'));
      for (const count of [1, 2, 5]) expect(stringsFor(locale).more(count)).toContain(String(count));
    }
  });

  it('are those that a browser asks for first, of those we speak', () => {
    const accepted = (header?: string) => stringsAccepted(header).language;
    expect(accepted('fr;q=0.9, ja;q=0.5, de-CH;q=0.8')).toBe('de');
    expect([accepted(), accepted('*'), accepted('fr'), accepted('de;q=0, vi')]).toEqual([
      'en',
      'en',
      'en',
      'vi',
    ]);
  });
});

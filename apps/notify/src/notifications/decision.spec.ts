import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, EMAIL_WITHIN_MS, PUSH_WITHIN_MS, type Decision, type Facts } from './decision.js';

const NOW = new Date('2026-03-02T12:00:00.000Z');
const ADA = '019bc0a1-7c00-7a10-8000-00000000a001';
const BOB = '019bc0a1-7c00-7a10-8000-00000000a002';
const THREAD = '019bc0a1-7c00-7a10-8000-00000000d001';

type Change = { [Key in 'message' | 'person' | 'wishes']?: Partial<Facts[Key]> } & Partial<
  Pick<Facts, 'keyword' | 'online'>
>;
/** Bob said something in a channel that Ada is in, which does not concern her. */
const facts = ({ message, person, wishes, ...rest }: Change = {}): Facts => ({
  message: {
    senderId: BOB,
    seq: 10,
    threadId: null,
    inChannel: true,
    direct: false,
    wide: null,
    deleted: false,
    edited: false,
    createdAt: NOW,
    ...message,
  },
  person: {
    userId: ADA as never,
    canRead: true,
    named: false,
    grouped: false,
    muted: false,
    level: 'default',
    lastReadSeq: 9,
    following: false,
    threadLevel: 'default',
    threadLastReadSeq: 0,
    dndUntil: null,
    quietHours: null,
    timeZone: 'Europe/Berlin',
    emailVerified: true,
    ...person,
  },
  wishes: { level: 'mentions', push: true, email: 'daily', ...wishes },
  keyword: false,
  online: false,
  now: NOW,
  ...rest,
});
const outcome = (change: Change): string => {
  const decision = decide(facts(change));
  return decision.notify ? decision.reason : `not: ${decision.why}`;
};
const reply = { threadId: THREAD, inChannel: false };
const everyDay = { days: [1, 2, 3, 4, 5, 6, 7], from: '12:00', to: '14:00' };

describe('whether somebody is told of a message', () => {
  it.each<[string, Change, string]>([
    ['says nothing to anyone in particular', {}, 'not: level'],
    ['calls them', { person: { named: true } }, 'mention'],
    ['calls a group of theirs', { person: { grouped: true } }, 'mention'],
    ['calls the channel', { message: { wide: 'channel' } }, 'mention'],
    ['calls who is here, and they are', { message: { wide: 'here' }, online: true }, 'mention'],
    ['calls who is here, and they are not', { message: { wide: 'here' } }, 'not: away'],
    [
      'calls the channel in a thread they do not follow',
      { message: { ...reply, wide: 'channel' } },
      'not: level',
    ],
    [
      'calls the channel in a thread they follow',
      { message: { ...reply, wide: 'channel' }, person: { following: true } },
      'mention',
    ],
    ['is direct', { message: { direct: true } }, 'direct'],
    ['is direct and muted', { message: { direct: true }, person: { muted: true } }, 'not: muted'],
    [
      'is direct, where they want to be called',
      { message: { direct: true }, person: { level: 'mentions' } },
      'not: level',
    ],
    [
      'is direct, and they want nothing at all',
      { message: { direct: true }, wishes: { level: 'nothing' } },
      'not: nothing',
    ],
    ['is in a thread they follow', { message: reply, person: { following: true } }, 'thread'],
    ['is in a thread they do not follow', { message: reply }, 'not: level'],
    [
      'is in a thread they want mentions of',
      { message: reply, person: { following: true, threadLevel: 'mentions' } },
      'not: level',
    ],
    [
      'is in a thread they want nothing of, and calls them',
      { message: reply, person: { following: true, threadLevel: 'none', named: true } },
      'not: nothing',
    ],
    [
      'is in a thread they want all of, in a channel of which nothing',
      { message: reply, person: { following: true, threadLevel: 'all', level: 'none' } },
      'thread',
    ],
    ['has a keyword of theirs', { keyword: true }, 'keyword'],
    ['has a keyword of theirs, muted', { keyword: true, person: { muted: true } }, 'not: muted'],
    ['is in a channel they want all of', { person: { level: 'all' } }, 'channel'],
    ['is anywhere, and they want all', { wishes: { level: 'all' } }, 'channel'],
    [
      'is anywhere, and they want all, but mentions here',
      { wishes: { level: 'all' }, person: { level: 'mentions' } },
      'not: level',
    ],
    ['is a reply in a channel they want all of', { message: reply, person: { level: 'all' } }, 'not: level'],
    ['calls them where they want nothing', { person: { level: 'none', named: true } }, 'not: nothing'],
    ['calls them by name, muted', { person: { muted: true, named: true } }, 'mention'],
    ['calls a group of theirs, muted', { person: { muted: true, grouped: true } }, 'not: muted'],
    ['calls the channel, muted', { message: { wide: 'channel' }, person: { muted: true } }, 'not: muted'],
    ['calls them and was read', { person: { named: true, lastReadSeq: 10 } }, 'not: read'],
    [
      'calls them in a thread and was read there',
      { message: reply, person: { named: true, following: true, threadLastReadSeq: 10 } },
      'not: read',
    ],
    [
      'calls them in a thread, and the channel was read past it',
      { message: reply, person: { named: true, lastReadSeq: 99 } },
      'mention',
    ],
    [
      'calls them since it was edited, after they had read it',
      { message: { edited: true }, person: { named: true, lastReadSeq: 10 } },
      'mention',
    ],
    [
      'was edited',
      { message: { edited: true, direct: true }, keyword: true, person: { level: 'all' } },
      'not: level',
    ],
    ['calls them and was deleted', { message: { deleted: true }, person: { named: true } }, 'not: deleted'],
    ['calls them where they may not read', { person: { canRead: false, named: true } }, 'not: no_access'],
    ['is their own', { message: { senderId: ADA, wide: 'channel', direct: true } }, 'not: own'],
  ])('that %s', (_, change, expected) => {
    expect(outcome(change)).toBe(expected);
  });

  it('goes every way that is wanted', () => {
    const channels = (change: Change) =>
      (decide(facts({ ...change, person: { named: true, ...change.person } })) as Decision & { notify: true })
        .channels;
    expect(channels({})).toEqual({ inApp: true, push: true, email: true });
    expect(channels({ wishes: { push: false, email: 'off' } })).toEqual({
      inApp: true,
      push: false,
      email: false,
    });
    expect(channels({ person: { emailVerified: false } }).email).toBe(false);
    const ago = (ms: number) => ({ message: { createdAt: new Date(NOW.getTime() - ms) } });
    expect(channels(ago(PUSH_WITHIN_MS + 1))).toEqual({ inApp: true, push: false, email: true });
    expect(channels(ago(EMAIL_WITHIN_MS + 1))).toEqual({ inApp: true, push: false, email: false });
  });

  it.each<[string, Partial<Facts['person']>, boolean]>([
    ['do not disturb', { dndUntil: '2026-03-02T12:00:00.001Z' }, true],
    ['do not disturb that is over', { dndUntil: '2026-03-02T12:00:00.000Z' }, false],
    ['quiet hours where they live', { quietHours: everyDay }, true],
    ['quiet hours elsewhere', { quietHours: everyDay, timeZone: 'America/New_York' }, false],
    ['quiet hours, nobody knows where', { quietHours: everyDay, timeZone: null }, true],
  ])('is recorded and not pushed in %s', (_, person, quiet) => {
    const decision = decide(facts({ person: { named: true, ...person } }));
    expect(decision).toEqual({
      notify: true,
      reason: 'mention',
      channels: { inApp: true, push: !quiet, email: true },
      quiet,
    });
  });
});

const level = fc.constantFrom('default' as const, 'all' as const, 'mentions' as const, 'none' as const);
const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    message: fc.record({
      senderId: fc.constantFrom(ADA, BOB),
      seq: fc.integer({ min: 1, max: 20 }),
      threadId: fc.constantFrom(null, THREAD),
      inChannel: fc.boolean(),
      direct: fc.boolean(),
      wide: fc.constantFrom(null, 'channel' as const, 'here' as const),
      deleted: fc.boolean(),
      edited: fc.boolean(),
      createdAt: fc.integer({ min: 0, max: 2 * EMAIL_WITHIN_MS }).map((ms) => new Date(NOW.getTime() - ms)),
    }),
    person: fc.record({
      canRead: fc.boolean(),
      named: fc.boolean(),
      grouped: fc.boolean(),
      muted: fc.boolean(),
      level,
      lastReadSeq: fc.integer({ min: 0, max: 20 }),
      following: fc.boolean(),
      threadLevel: level,
      threadLastReadSeq: fc.integer({ min: 0, max: 20 }),
      dndUntil: fc.constantFrom(null, '2026-03-02T11:00:00.000Z', '2026-03-02T13:00:00.000Z'),
      quietHours: fc.constantFrom(null, everyDay),
      emailVerified: fc.boolean(),
    }),
    wishes: fc.record({
      level: fc.constantFrom('all' as const, 'mentions' as const, 'nothing' as const),
      push: fc.boolean(),
      email: fc.constantFrom('instant' as const, 'off' as const),
    }),
    keyword: fc.boolean(),
    online: fc.boolean(),
  })
  .map(facts)
  .map((all) =>
    all.message.threadId === null ? { ...all, message: { ...all.message, inChannel: true } } : all,
  );
const told = (all: Facts) => decide(all).notify;

describe('whatever the facts are, a decision', () => {
  const holds = (property: (all: Facts) => void) =>
    fc.assert(fc.property(anyFacts, property), { numRuns: 2000 });

  it('tells nobody of what they wrote, may not read, have read, or is gone', () => {
    holds((all) => {
      const { message, person } = all;
      const read = message.inChannel && message.seq <= person.lastReadSeq && !message.edited;
      if (message.senderId === ADA || message.deleted || !person.canRead || read)
        expect(told(all)).toBe(false);
    });
  });

  it('always records what it tells, and pushes only what is new and disturbs nobody', () => {
    holds((all) => {
      const decision = decide(all);
      if (!decision.notify) return;
      expect(decision.channels.inApp).toBe(true);
      if (decision.channels.push) expect([decision.quiet, all.wishes.push]).toEqual([false, true]);
      if (decision.channels.email)
        expect([all.wishes.email, all.person.emailVerified]).toEqual(['instant', true]);
    });
  });

  it('is the same at quiet times but for the push', () => {
    holds((all) => {
      const loud = decide({ ...all, person: { ...all.person, dndUntil: null, quietHours: null } });
      const decision = decide(all);
      expect(decision.notify).toBe(loud.notify);
      if (decision.notify && loud.notify) expect(decision.reason).toBe(loud.reason);
    });
  });

  it('tells no more of what is muted, and calls nobody by less than their name there', () => {
    holds((all) => {
      const muted = { ...all, person: { ...all.person, muted: true } };
      if (told(muted))
        expect([told({ ...all, person: { ...all.person, muted: false } }), all.person.named]).toEqual([
          true,
          true,
        ]);
    });
  });

  it('tells no less the more concerns them', () => {
    holds((all) => {
      if (!told(all)) return;
      expect(told({ ...all, person: { ...all.person, named: true } })).toBe(true);
      expect(told({ ...all, keyword: true })).toBe(true);
      expect(told({ ...all, online: true })).toBe(true);
    });
  });

  it('tells only those of an edit whom it calls', () => {
    holds((all) => {
      const decision = decide({ ...all, message: { ...all.message, edited: true } });
      if (decision.notify) expect(decision.reason).toBe('mention');
    });
  });
});

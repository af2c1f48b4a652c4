import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { EventChannels, EventPatterns, eventSubject, eventTypes, matchesEventPattern } from '#contracts';
import { newId } from '#testing';
import { entryOf, type Entry } from './entry.js';
import { Filter } from './filter.js';

const entry = (type: string, channelId: string | null, scope: 'channel' | 'user' = 'channel'): Entry => {
  const workspace = newId.workspace();
  const id = scope === 'channel' ? (channelId as string) : newId.user();
  const subject = eventSubject({ partition: 0, workspace, scope, id, type: type as never });
  return entryOf('e', 1, subject, Buffer.from(JSON.stringify({ type, channelId, data: {} }))) as Entry;
};

describe('a filter', () => {
  const [here, there] = [newId.channel(), newId.channel()];

  it('is none where nothing is left out', () => {
    expect(Filter.of({})).toBeNull();
  });

  it('passes the types it names, and those of a family', () => {
    const filter = Filter.of({ types: 'message.created,reaction.*' });
    const passed = (type: string) => filter?.passes(entry(type, here));
    expect(passed('message.created')).toBe(true);
    expect(passed('reaction.removed')).toBe(true);
    expect(passed('message.updated')).toBe(false);
    // Of a newer chat.
    expect(passed('reaction.renamed')).toBe(true);
    expect(passed('reactions.renamed')).toBe(false);
  });

  it('passes what is about its channels, whoever is told, and nothing about none', () => {
    const filter = Filter.of({ channels: here });
    expect(filter?.passes(entry('message.created', here))).toBe(true);
    expect(filter?.passes(entry('message.created', there))).toBe(false);
    expect(filter?.passes(entry('read_cursor.updated', here, 'user'))).toBe(true);
    expect(filter?.passes(entry('read_cursor.updated', there, 'user'))).toBe(false);
    expect(filter?.passes(entry('sidebar.updated', null, 'user'))).toBe(false);
    expect([filter?.concerns(here), filter?.concerns(there)]).toEqual([true, false]);
  });

  it('is the same for the same wishes, however they are written', () => {
    const key = Filter.of({ types: 'message.*,member.left', channels: `${here},${there}` })?.key;
    expect(Filter.of({ types: 'member.left,message.*,message.*', channels: `${there},${here}` })?.key).toBe(
      key,
    );
    expect(Filter.of({ types: 'member.left,message.*', channels: here })?.key).not.toBe(key);
  });

  test.prop([fc.subarray(eventTypes, { minLength: 1 })])('passes exactly what its types match', (wanted) => {
    const filter = Filter.of({ types: wanted.join() });
    for (const type of eventTypes) expect(filter?.passes(entry(type, here))).toBe(wanted.includes(type));
  });
});

describe('what a filter is made of', () => {
  it.each(['message.created', 'message.*', 'message.created,reaction.*', 'typing.*', eventTypes.join()])(
    'may be %s',
    (types) => {
      expect(EventPatterns.safeParse(types).success).toBe(true);
    },
  );

  it.each(['', '*', '.*', 'message', 'message.', 'message.c*', 'mess.*', 'message.sent', 'message.created,'])(
    'is not %j',
    (types) => {
      expect(EventPatterns.safeParse(types).success).toBe(false);
    },
  );

  it('names the types that are none', () => {
    const [issue] = EventPatterns.safeParse('message.created,message.sent,what.*').error?.issues ?? [];
    expect(issue?.message).toBe('no event has the type message.sent, what.*');
  });

  it('is bounded', () => {
    expect(EventPatterns.safeParse(Array(101).fill('message.*').join()).success).toBe(false);
    expect(EventChannels.safeParse(Array.from({ length: 101 }, newId.channel).join()).success).toBe(false);
  });

  it('has ids for channels', () => {
    expect(EventChannels.safeParse(`${newId.channel()},${newId.channel()}`).success).toBe(true);
    for (const channels of ['', 'general', `${newId.channel()},`, `${newId.channel()} `])
      expect(EventChannels.safeParse(channels).success).toBe(false);
  });

  it('knows every type by its family', () => {
    for (const type of eventTypes)
      expect(matchesEventPattern(type, `${type.slice(0, type.lastIndexOf('.'))}.*`)).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { NewPoll, Poll, type PollOptionId, type UserId } from '#contracts';
import { uuidv7 } from '#core';
import { chosen, definePoll, isClosed, tally, type Votes } from './poll.js';

const people = Array.from({ length: 30 }, () => uuidv7() as UserId);
const foreign = uuidv7() as PollOptionId;
const poll = fc
  .record({
    options: fc.integer({ min: 2, max: 20 }),
    multiple: fc.boolean(),
    anonymous: fc.boolean(),
  })
  .map(({ options, ...rest }) =>
    definePoll(
      NewPoll.parse({
        question: 'Where?',
        options: Array.from({ length: options }, (_, index) => `place ${index}`),
        ...rest,
      }),
    ),
  );
/** What the database says of an option: every one of the poll, some of them, and one that is none of it. */
const votes = fc.record({
  counts: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 20, maxLength: 20 }),
  foreign: fc.nat(30),
  voters: fc.nat(600),
  named: fc.boolean(),
});
const counted = (
  { options }: { options: { id: PollOptionId }[] },
  {
    counts,
    foreign: strangers,
    voters,
    named,
  }: { counts: number[]; foreign: number; voters: number; named: boolean },
): Votes => ({
  options: [...options.map(({ id }) => id), foreign]
    .map((optionId, index) => ({ optionId, count: (optionId === foreign ? strangers : counts[index]) ?? 0 }))
    .filter(({ count }) => count > 0)
    .map((option) => ({ ...option, userIds: named ? people.slice(0, Math.min(option.count, 20)) : null }))
    .reverse(),
  voters,
});

describe('the tally of a poll', () => {
  test.prop([poll, votes])('has what was counted, for its options in their order', (definition, of) => {
    const result = tally(definition, counted(definition, of));
    expect(Poll.strict().parse(result)).toEqual(result);
    expect(result.tallies.map(({ optionId, count }) => [optionId, count])).toEqual(
      definition.options.map(({ id }, index) => [id, of.counts[index]]),
    );
    expect(result.totalVoters).toBe(of.voters);
  });

  test.prop([poll, votes])('names its first voters, and nobody when it is anonymous', (definition, of) => {
    const result = tally(definition, counted(definition, of));
    for (const { count, userIds } of result.tallies)
      expect(userIds).toEqual(
        definition.anonymous ? undefined : people.slice(0, of.named ? Math.min(count, 20) : 0),
      );
    if (definition.anonymous) expect(people.some((id) => JSON.stringify(result).includes(id))).toBe(false);
  });

  test.prop([poll])('is nothing where nobody has voted', (definition) => {
    const none = tally(definition, null);
    expect(none.tallies.every(({ count }) => count === 0)).toBe(true);
    expect(none.totalVoters).toBe(0);
    expect(tally(definition, { options: null, voters: null })).toEqual(none);
  });
});

describe('a vote', () => {
  test.prop([poll, fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 6 })])(
    'is for options of the poll, in their order, and one only unless several may be chosen',
    (definition, wanted) => {
      const ids = wanted.map((index) => definition.options[index]?.id ?? foreign);
      const result = chosen(definition, ids);
      const distinct = new Set(ids);
      if (ids.includes(foreign))
        expect(result).toMatchObject({ pointer: `/optionIds/${ids.indexOf(foreign)}` });
      else if (distinct.size > 1 && !definition.multiple)
        expect(result).toMatchObject({ pointer: '/optionIds' });
      else
        expect(result).toEqual({
          optionIds: definition.options.map(({ id }) => id).filter((id) => distinct.has(id)),
        });
    },
  );
});

describe('a poll', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));
  const open = definePoll(NewPoll.parse({ question: 'Where?', options: ['here', 'there'] }));

  it('is closed from its time on, or once somebody closed it', () => {
    expect(isClosed(open, at(0))).toBe(false);
    const timed = { ...open, closesAt: at(5).toISOString() };
    expect(isClosed(timed, at(4))).toBe(false);
    expect(isClosed(timed, at(5))).toBe(true);
    expect(isClosed({ ...open, closedAt: at(9).toISOString() }, at(0))).toBe(true);
  });
});

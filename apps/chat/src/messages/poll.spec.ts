import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { NewPoll, Poll, type PollOptionId, type UserId } from '#contracts';
import { uuidv7 } from '#core';
import { chosen, definePoll, isClosed, tally, type Vote } from './poll.js';

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
const votes = fc.array(
  fc.record({ option: fc.integer({ min: -1, max: 19 }), person: fc.integer({ min: 0, max: 29 }) }),
  { maxLength: 80 },
);
const cast = (
  { options }: { options: { id: PollOptionId }[] },
  of: { option: number; person: number }[],
): Vote[] =>
  of.map(({ option, person }) => ({
    optionId: options[option]?.id ?? foreign,
    userId: people[person] as UserId,
  }));

describe('the tally of a poll', () => {
  test.prop([poll, votes])('counts people, each once per option, and nothing else', (definition, of) => {
    const all = cast(definition, of);
    const result = tally(definition, all);
    expect(Poll.strict().parse(result)).toEqual(result);
    expect(result.tallies.map(({ optionId }) => optionId)).toEqual(definition.options.map(({ id }) => id));
    for (const { optionId, count } of result.tallies) {
      const voters = new Set(all.filter((vote) => vote.optionId === optionId).map(({ userId }) => userId));
      expect(count).toBe(voters.size);
    }
    const valid = all.filter(({ optionId }) => optionId !== foreign);
    expect(result.totalVoters).toBe(new Set(valid.map(({ userId }) => userId)).size);
  });

  test.prop([poll, votes])(
    'is the same in whatever order, and however often, votes are counted',
    (definition, of) => {
      const counts = (all: Vote[]) => {
        const { tallies, totalVoters } = tally(definition, all);
        return [tallies.map(({ count }) => count), totalVoters];
      };
      const all = cast(definition, of);
      expect(counts([...all].reverse())).toEqual(counts(all));
      expect(counts([...all, ...all])).toEqual(counts(all));
    },
  );

  test.prop([poll, votes])('names its first voters, and nobody when it is anonymous', (definition, of) => {
    const all = cast(definition, of);
    for (const { optionId, count, userIds } of tally(definition, all).tallies) {
      if (definition.anonymous) expect(userIds).toBeUndefined();
      else {
        const inOrder = [
          ...new Set(all.filter((vote) => vote.optionId === optionId).map((vote) => vote.userId)),
        ];
        expect(userIds).toEqual(inOrder.slice(0, 20));
        expect(userIds).toHaveLength(Math.min(count, 20));
      }
    }
    if (definition.anonymous)
      expect(people.some((id) => JSON.stringify(tally(definition, all)).includes(id))).toBe(false);
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

import type { NewPoll, Poll, PollDefinition, PollOptionId, UserId } from '#contracts';
import { uuidv7 } from '#core';

/** How many people voted, and how many of them for which option; `userIds` are the first of those. */
export type Votes = {
  options: { optionId: PollOptionId; count: number; userIds: UserId[] | null }[] | null;
  voters: number | null;
};

/** Of the others one is told by the list of votes. */
export const NAMED_VOTERS = 20;

export const definePoll = (poll: NewPoll): PollDefinition => ({
  question: poll.question,
  options: poll.options.map((text) => ({ id: uuidv7() as PollOptionId, text })),
  multiple: poll.multiple,
  anonymous: poll.anonymous,
  closesAt: poll.closesAt,
  closedAt: null,
});

/** Nobody votes any more, even if its worker is late. */
export const isClosed = ({ closedAt, closesAt }: PollDefinition, now: Date): boolean =>
  closedAt !== null || (closesAt !== null && new Date(closesAt) <= now);

/** The options that these ids choose, in the order of the poll; or what is wrong with the ids. */
export const chosen = (
  { options, multiple }: PollDefinition,
  optionIds: readonly PollOptionId[],
): { optionIds: PollOptionId[] } | { pointer: string; detail: string } => {
  const known = new Set(options.map(({ id }) => id));
  const unknown = optionIds.findIndex((id) => !known.has(id));
  if (unknown >= 0) return { pointer: `/optionIds/${unknown}`, detail: 'is no option of this poll' };
  const distinct = new Set(optionIds);
  if (distinct.size > 1 && !multiple) return { pointer: '/optionIds', detail: 'must be one at most' };
  return { optionIds: options.map(({ id }) => id).filter((id) => distinct.has(id)) };
};

/** A poll with its votes; those for options that are not there count nowhere. In anonymous ones nobody is named. */
export const tally = (poll: PollDefinition, votes: Votes | null): Poll => {
  const counted = new Map(votes?.options?.map((option) => [option.optionId, option]));
  return {
    ...poll,
    tallies: poll.options.map(({ id }) => {
      const { count, userIds } = counted.get(id) ?? { count: 0, userIds: null };
      return { optionId: id, count, ...(poll.anonymous ? {} : { userIds: userIds ?? [] }) };
    }),
    totalVoters: votes?.voters ?? 0,
  };
};

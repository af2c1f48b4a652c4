import type { NewPoll, Poll, PollDefinition, PollOptionId, UserId } from '#contracts';
import { uuidv7 } from '#core';

export type Vote = { optionId: PollOptionId; userId: UserId };

const NAMED_VOTERS = 20;

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

/** Counts each person once per option; votes for options that are not there count nowhere. */
export const tally = (poll: PollDefinition, votes: readonly Vote[]): Poll => {
  const voters = new Map(poll.options.map((option) => [option.id, new Set<UserId>()]));
  for (const { optionId, userId } of votes) voters.get(optionId)?.add(userId);
  const everyone = new Set([...voters.values()].flatMap((of) => [...of]));
  return {
    ...poll,
    tallies: [...voters].map(([optionId, of]) => ({
      optionId,
      count: of.size,
      ...(poll.anonymous ? {} : { userIds: [...of].slice(0, NAMED_VOTERS) }),
    })),
    totalVoters: everyone.size,
  };
};

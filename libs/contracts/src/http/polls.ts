import { z } from 'zod';
import { PollOptionId, Timestamp, UserId } from '../ids.js';
import { pageOf, PageQuery } from '../page.js';
import { Label } from '../text.js';
import { User } from './accounts.js';

const differ = (texts: readonly string[]) =>
  new Set(texts.map((text) => text.toLowerCase())).size === texts.length;

/** What a poll asks, as its author wrote it. */
export const NewPoll = z.strictObject({
  question: Label.min(1).max(300),
  options: z.array(Label.min(1).max(150)).min(2).max(20).refine(differ, 'must differ'),
  multiple: z.boolean().default(false),
  /** Voters are counted and never named. */
  anonymous: z.boolean().default(false),
  /** In the future, within a year. */
  closesAt: Timestamp.nullable().default(null),
});
export type NewPoll = z.infer<typeof NewPoll>;

/** The part of a poll that is kept with its message. */
export const PollDefinition = z.object({
  question: z.string(),
  options: z.array(z.object({ id: PollOptionId, text: z.string() })),
  multiple: z.boolean(),
  anonymous: z.boolean(),
  closesAt: Timestamp.nullable(),
  closedAt: Timestamp.nullable(),
});
export type PollDefinition = z.infer<typeof PollDefinition>;

export const PollTally = z.object({
  optionId: PollOptionId,
  count: z.int(),
  /** The first voters in the order of their votes; absent in anonymous polls. */
  userIds: z.array(UserId).optional(),
});
export type PollTally = z.infer<typeof PollTally>;

export const Poll = PollDefinition.extend({ tallies: z.array(PollTally), totalVoters: z.int() });
export type Poll = z.infer<typeof Poll>;

/** All that I vote for; none takes my vote back. */
export const CastVote = z.strictObject({ optionIds: z.array(PollOptionId).max(20) });
export type CastVote = z.infer<typeof CastVote>;

/** In the order of the poll's options. */
export const MyVote = z.object({ optionIds: z.array(PollOptionId) });
export type MyVote = z.infer<typeof MyVote>;

/** Who voted for an option, and when. */
export const Voter = z.object({ user: User, votedAt: Timestamp });
export type Voter = z.infer<typeof Voter>;

export const VotersQuery = PageQuery.extend({ optionId: PollOptionId });
export type VotersQuery = z.infer<typeof VotersQuery>;

export const VoterPage = pageOf(Voter);
export type VoterPage = z.infer<typeof VoterPage>;

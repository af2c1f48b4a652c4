import type { Voter } from '#contracts';
import { presentUser } from '../accounts/account.js';
import type { UserRow } from '../accounts/user-row.js';

export type VoterRow = UserRow & { votedAt: Date };

export const presentVoter = (row: VoterRow, now: Date): Voter => ({
  user: presentUser(row, now),
  votedAt: row.votedAt.toISOString(),
});

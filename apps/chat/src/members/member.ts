import type { FormerState, Member, ProblemCode, RoleId, WorkspaceRole } from '#contracts';
import { presentUser } from '../accounts/account.js';
import type { UserRow } from '../accounts/user-row.js';

export type MemberRow = UserRow & {
  role: WorkspaceRole;
  customRoleId: RoleId | null;
  joinedAt: Date;
  /** Null for those who are in. */
  state: FormerState | null;
  since: Date | null;
  /** What the list is ordered by. */
  nameKey: string;
};

export const presentMember = (row: MemberRow, now: Date): Member => ({
  user: presentUser(row, now),
  role: row.role,
  joinedAt: row.joinedAt.toISOString(),
  ...(row.customRoleId ? { customRoleId: row.customRoleId } : {}),
  ...(row.state && row.since ? { state: row.state, since: row.since.toISOString() } : {}),
});

/** What became of someone's earlier membership. */
export type Former = { state: FormerState; since: Date };
/** By what somebody comes in; an admin vouches for it if its maker is one. */
export type Ticket = { madeAt: Date; byAdmin: boolean };

/**
 * Why somebody may not come in again by themselves; null when they may. Deactivated people are reactivated,
 * removed ones need an invite that an admin made after the removal.
 */
export const refusal = (former: Former | null, ticket: Ticket | null): ProblemCode | null => {
  switch (former?.state) {
    case undefined:
    case 'left':
      return null;
    case 'deactivated':
      return 'member.deactivated';
    case 'removed':
      return ticket?.byAdmin && ticket.madeAt > former.since ? null : 'member.removed';
  }
};

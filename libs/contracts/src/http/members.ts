import { z } from 'zod';
import { RoleId, Timestamp, UserId } from '../ids.js';
import { PageQuery } from '../page.js';
import { problemCodes, type ProblemCode } from '../problem.js';
import { SingleLine } from '../text.js';
import { User } from './accounts.js';
import { WorkspaceRole } from './workspaces.js';

/**
 * `deactivated` can be undone and brings the person back as they were. Who `left` or was `removed` starts
 * anew, but for direct conversations, which have their history.
 */
export const FormerState = z.enum(['deactivated', 'left', 'removed']);
export type FormerState = z.infer<typeof FormerState>;

/** Someone in the workspace, or with `state` who was: what they wrote keeps its author. */
export const Member = z.object({
  user: User,
  role: WorkspaceRole,
  joinedAt: Timestamp,
  /** The custom role of a member; absent for none. */
  customRoleId: RoleId.optional(),
  /** Absent for those who are in. */
  state: FormerState.optional(),
  /** Since when `state`. */
  since: Timestamp.optional(),
});
export type Member = z.infer<typeof Member>;

/** In the order of names, without regard to case and accents. */
export const ListMembersQuery = PageQuery.extend({
  role: WorkspaceRole.optional(),
  state: z.enum(['active', ...FormerState.options]).default('active'),
  /** How the name begins. */
  q: SingleLine.max(80).optional(),
});
export type ListMembersQuery = z.infer<typeof ListMembersQuery>;

const GivenRole = WorkspaceRole.exclude(['bot']);
const customOfMember = ({ role, customRoleId }: { role: string; customRoleId: string | null }) =>
  role === 'member' || customRoleId === null;
const CUSTOM = { path: ['customRoleId'], error: 'only members have a custom role' };

export const ChangeMember = z
  .strictObject({ role: GivenRole, customRoleId: RoleId.nullable().default(null) })
  .refine(customOfMember, CUSTOM);
export type ChangeMember = z.infer<typeof ChangeMember>;

/** One thing done to many people; each gets a verdict of their own. */
export const BulkMembers = z
  .strictObject({
    action: z.enum(['change_role', 'deactivate']),
    userIds: z.array(UserId).min(1).max(1000),
    /** For `change_role`. */
    role: GivenRole.optional(),
    customRoleId: RoleId.nullable().default(null),
  })
  .refine(({ action, role }) => (action === 'change_role') === (role !== undefined), {
    path: ['role'],
    error: 'is given with the action "change_role", and only then',
  })
  .refine(({ role = '', customRoleId }) => customOfMember({ role, customRoleId }), CUSTOM);
export type BulkMembers = z.infer<typeof BulkMembers>;

/** In the order of the request; null where it was done, otherwise why it was not. */
export const BulkVerdicts = z.object({
  verdicts: z.array(
    z.object({
      userId: UserId,
      code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]).nullable(),
    }),
  ),
});
export type BulkVerdicts = z.infer<typeof BulkVerdicts>;

export const TransferWorkspace = z.strictObject({ userId: UserId });
export type TransferWorkspace = z.infer<typeof TransferWorkspace>;

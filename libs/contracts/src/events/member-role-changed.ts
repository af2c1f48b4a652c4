import { z } from 'zod';
import { WorkspaceRole } from '../http/workspaces.js';
import { RoleId, UserId } from '../ids.js';
import { event } from './envelope.js';

/**
 * Someone's role in the workspace is another one now. Their own streams end after it: whoever reconnects is
 * judged by the new role.
 */
export const MemberRoleChanged = event(
  'member.role_changed',
  z.object({
    userId: UserId,
    role: WorkspaceRole,
    /** The custom role of a member; null for none. */
    customRoleId: RoleId.nullable(),
    /** Grows with each change of this membership: the highest wins. */
    version: z.int(),
  }),
);
export type MemberRoleChanged = z.infer<typeof MemberRoleChanged>;

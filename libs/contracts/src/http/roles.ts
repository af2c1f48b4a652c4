import { z } from 'zod';
import { RoleId, Timestamp, WorkspaceId } from '../ids.js';
import { GrantablePermission } from '../permissions.js';
import { Label } from '../text.js';

/** A workspace has at most this many custom roles, so all of them fit into one reply and one event. */
export const MAX_ROLES = 50;

/** Given to members, it replaces what members may; seeing people and public channels stays. */
export const Role = z.object({
  id: RoleId,
  workspaceId: WorkspaceId,
  name: z.string(),
  permissions: z.array(GrantablePermission),
  createdAt: Timestamp,
});
export type Role = z.infer<typeof Role>;

const RoleName = Label.min(1).max(40);
const Granted = z
  .array(GrantablePermission)
  .max(GrantablePermission.options.length)
  .transform((granted) => [...new Set(granted)]);

export const CreateRole = z.strictObject({ name: RoleName, permissions: Granted });
export type CreateRole = z.infer<typeof CreateRole>;
export const UpdateRole = z.strictObject({ name: RoleName.optional(), permissions: Granted.optional() });
export type UpdateRole = z.infer<typeof UpdateRole>;

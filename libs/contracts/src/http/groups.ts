import { z } from 'zod';
import { GroupId, Timestamp, UserId, WorkspaceId } from '../ids.js';
import { Label, SingleLine } from '../text.js';
import { User } from './accounts.js';

const RESERVED: ReadonlySet<string> = new Set(['channel', 'here', 'everyone', 'all', 'group']);
/** What people type behind the `@`; messages keep `<@&id>`, so it may change. */
export const GroupHandle = z
  .string()
  .regex(/^[a-z0-9_-]{2,40}$/, 'a to z, 0 to 9, "_" and "-" only')
  .refine((handle) => !RESERVED.has(handle), 'has a meaning of its own');

/** So that a group can be told whole to everyone. */
export const MAX_GROUP_MEMBERS = 1000;

/** People who are mentioned together. */
export const Group = z.object({
  id: GroupId,
  workspaceId: WorkspaceId,
  handle: z.string(),
  name: z.string(),
  description: z.string(),
  /** Mentioning it calls nobody. */
  disabled: z.boolean(),
  /** Sorted. */
  memberIds: z.array(UserId),
  createdBy: UserId,
  createdAt: Timestamp,
  /** Of two, the higher is the newer. */
  version: z.int(),
});
export type Group = z.infer<typeof Group>;

const fields = {
  handle: GroupHandle,
  name: Label.min(1).max(80),
  description: SingleLine.max(250),
};
const UserIds = z.array(UserId).max(200);

export const CreateGroup = z.strictObject({
  ...fields,
  description: fields.description.default(''),
  userIds: UserIds.default([]),
});
export type CreateGroup = z.infer<typeof CreateGroup>;

/** What is absent stays. */
export const UpdateGroup = z.strictObject(fields).extend({ disabled: z.boolean() }).partial();
export type UpdateGroup = z.infer<typeof UpdateGroup>;

export const AddGroupMembers = z.strictObject({ userIds: UserIds.min(1) });
export type AddGroupMembers = z.infer<typeof AddGroupMembers>;

export const GroupMember = z.object({ user: User, addedAt: Timestamp });
export type GroupMember = z.infer<typeof GroupMember>;

/** Groups are large: fewer fit on a page. */
export const GroupsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(50).default(50),
  cursor: z.string().max(512).optional(),
});
export type GroupsQuery = z.infer<typeof GroupsQuery>;

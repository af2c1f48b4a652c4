import { z } from 'zod';
import { InviteId, Timestamp, UserId, WorkspaceId } from '../ids.js';
import { Label } from '../text.js';
import { User } from './accounts.js';

/** Guests see the channels they were put into and nobody else's; a single-channel guest is in one. */
export const WorkspaceRole = z.enum(['owner', 'admin', 'member', 'guest', 'single_channel_guest', 'bot']);
export type WorkspaceRole = z.infer<typeof WorkspaceRole>;

export const Workspace = z.object({ id: WorkspaceId, name: z.string(), createdAt: Timestamp });
export type Workspace = z.infer<typeof Workspace>;

export const MyWorkspace = Workspace.extend({ role: WorkspaceRole });
export type MyWorkspace = z.infer<typeof MyWorkspace>;

export const CreateWorkspace = z.strictObject({ name: Label.min(1).max(80) });
export type CreateWorkspace = z.infer<typeof CreateWorkspace>;

export const Member = z.object({ user: User, role: WorkspaceRole, joinedAt: Timestamp });
export type Member = z.infer<typeof Member>;

export const CreateInvite = z.strictObject({
  /** Hours until the link stops working. */
  expiresInHours: z
    .int()
    .min(1)
    .max(24 * 365)
    .default(24 * 7),
  maxUses: z.int().min(1).max(10_000).nullable().default(null),
});
export type CreateInvite = z.infer<typeof CreateInvite>;

export const Invite = z.object({
  id: InviteId,
  workspaceId: WorkspaceId,
  createdBy: UserId,
  expiresAt: Timestamp,
  maxUses: z.int().nullable(),
  uses: z.int(),
});
export type Invite = z.infer<typeof Invite>;

/** The link is shown once: only its hash is stored. */
export const CreatedInvite = Invite.extend({ token: z.string(), url: z.string() });
export type CreatedInvite = z.infer<typeof CreatedInvite>;

export const InviteToken = z.string().regex(/^[A-Za-z0-9_-]{20,64}$/);
export const InvitePreview = z.object({
  workspaceName: z.string(),
  invitedBy: z.string(),
  expiresAt: Timestamp,
});
export type InvitePreview = z.infer<typeof InvitePreview>;

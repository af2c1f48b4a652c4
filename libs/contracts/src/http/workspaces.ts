import { z } from 'zod';
import { ChannelId, ImageId, InviteId, RoleId, Timestamp, UserId, WorkspaceId } from '../ids.js';
import { Permission } from '../permissions.js';
import { Label } from '../text.js';

/** Guests see the channels they were put into and nobody else's; a single-channel guest is in one. */
export const WorkspaceRole = z.enum(['owner', 'admin', 'member', 'guest', 'single_channel_guest', 'bot']);
export type WorkspaceRole = z.infer<typeof WorkspaceRole>;

/** Of members without a custom role; admins and owners always may, guests never. */
export const WhoMay = z.enum(['everyone', 'admins']);
export type WhoMay = z.infer<typeof WhoMay>;
export const Policy = z.strictObject({ createChannels: WhoMay, invite: WhoMay, mentionChannel: WhoMay });
export type Policy = z.infer<typeof Policy>;

export const HexColour = z
  .string()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, 'a colour as #rrggbb');
export const Branding = z.strictObject({ primary: HexColour, accent: HexColour });
export type Branding = z.infer<typeof Branding>;

/** A domain of e-mail addresses, in ASCII and lower case. */
export const EmailDomain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, 'a domain name');

export const Workspace = z.object({
  id: WorkspaceId,
  name: z.string(),
  createdAt: Timestamp,
  iconImageId: ImageId.nullable(),
  branding: Branding.nullable(),
  whoMay: Policy,
  /** Messages are kept for so many days; null for ever. Kept and shown, not yet acted on. */
  retentionDays: z.int().nullable(),
  /** Whoever has a verified e-mail address in one of these may join. */
  allowedDomains: z.array(z.string()),
  /** Whether the pages that messages link to are looked up. */
  linkPreviews: z.boolean(),
  /** Grows with each change: the highest wins. It is the `ETag` of the workspace. */
  version: z.int(),
});
export type Workspace = z.infer<typeof Workspace>;

export const MyWorkspace = Workspace.extend({
  role: WorkspaceRole,
  customRoleId: RoleId.nullable(),
  /** What I may here, all roles and settings considered. */
  permissions: z.array(Permission),
});
export type MyWorkspace = z.infer<typeof MyWorkspace>;

const WorkspaceName = Label.min(1).max(80);
export const CreateWorkspace = z.strictObject({ name: WorkspaceName });
export type CreateWorkspace = z.infer<typeof CreateWorkspace>;

/** What is absent stays. */
export const UpdateWorkspace = z.strictObject({
  name: WorkspaceName.optional(),
  iconImageId: ImageId.nullable().optional(),
  branding: Branding.nullable().optional(),
  whoMay: Policy.partial().optional(),
  retentionDays: z.int().min(1).max(36_500).nullable().optional(),
  linkPreviews: z.boolean().optional(),
  allowedDomains: z
    .array(EmailDomain)
    .max(50)
    .transform((domains) => [...new Set(domains)].sort())
    .optional(),
});
export type UpdateWorkspace = z.infer<typeof UpdateWorkspace>;

/** The workspace's name once more, so that none is deleted by accident. */
export const DeleteWorkspaceQuery = z.strictObject({ name: z.string().max(200) });
export type DeleteWorkspaceQuery = z.infer<typeof DeleteWorkspaceQuery>;

/** A workspace that I may join because of my e-mail address. */
export const JoinableWorkspace = z.object({
  id: WorkspaceId,
  name: z.string(),
  iconImageId: ImageId.nullable(),
  members: z.int(),
});
export type JoinableWorkspace = z.infer<typeof JoinableWorkspace>;

export const InviteRole = WorkspaceRole.extract(['member', 'guest', 'single_channel_guest']);
export type InviteRole = z.infer<typeof InviteRole>;
/** Whom an invite makes of those who use it: guests are put into its channels, members into those besides the default ones. */
const place = {
  role: InviteRole.default('member'),
  channelIds: z
    .array(ChannelId)
    .max(50)
    .default([])
    .transform((ids) => [...new Set(ids)]),
};
const placed = ({ role, channelIds }: { role: string; channelIds: string[] }) =>
  role === 'member' || (role === 'guest' ? channelIds.length > 0 : channelIds.length === 1);
const PLACE = { path: ['channelIds'], error: 'guests need channels, a single-channel guest exactly one' };

/** Hours until the link stops working. */
const expiresInHours = z
  .int()
  .min(1)
  .max(24 * 365)
  .default(24 * 7);
export const CreateInvite = z
  .strictObject({
    expiresInHours,
    maxUses: z.int().min(1).max(10_000).nullable().default(null),
    ...place,
  })
  .refine(placed, PLACE);
export type CreateInvite = z.infer<typeof CreateInvite>;

export const Invite = z.object({
  id: InviteId,
  workspaceId: WorkspaceId,
  createdBy: UserId,
  expiresAt: Timestamp,
  maxUses: z.int().nullable(),
  uses: z.int(),
  role: InviteRole,
  channelIds: z.array(ChannelId),
  /** Where it was sent; null for a link. */
  email: z.string().nullable(),
});
export type Invite = z.infer<typeof Invite>;

/** The link is shown once: only its hash is stored. */
export const CreatedInvite = Invite.extend({ token: z.string(), url: z.string() });
export type CreatedInvite = z.infer<typeof CreatedInvite>;

/** One invite each, which works once. Addresses are judged one by one. */
export const InviteByEmail = z
  .strictObject({ emails: z.array(z.string().max(320)).min(1).max(100), expiresInHours, ...place })
  .refine(placed, PLACE);
export type InviteByEmail = z.infer<typeof InviteByEmail>;

/** In the order of the request. `invited`: a mail is on its way, and an older invite
 * of that address is void. `throttled`: it was sent too many in the last hour. */
export const EmailInvites = z.object({
  verdicts: z.array(
    z.object({
      email: z.string(),
      verdict: z.enum(['invited', 'already_member', 'invalid', 'duplicate', 'throttled']),
      invite: Invite.nullable(),
    }),
  ),
});
export type EmailInvites = z.infer<typeof EmailInvites>;

export const InviteToken = z.string().regex(/^[A-Za-z0-9_-]{20,64}$/);
export const InvitePreview = z.object({
  workspaceName: z.string(),
  invitedBy: z.string(),
  expiresAt: Timestamp,
});
export type InvitePreview = z.infer<typeof InvitePreview>;

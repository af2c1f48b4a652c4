import { z } from 'zod';
import { ChannelId, Seq, Timestamp, UserId, WorkspaceId } from '../ids.js';
import { PageQuery } from '../page.js';
import { FreeText, SingleLine } from '../text.js';
import { User } from './accounts.js';
import { ChannelPreferences } from './channel-preferences.js';

export const ChannelKind = z.enum(['public', 'private', 'direct']);
export type ChannelKind = z.infer<typeof ChannelKind>;

/** Letters and digits of any script, `-` and `_`; lower case where the script has case. */
export const ChannelName = z
  .string()
  .trim()
  .normalize('NFKC')
  .toLowerCase()
  .normalize('NFKC')
  .min(1)
  .max(80)
  // Some letters and marks show nothing: two channels would look alike, or have no name.
  .refine((name) => !/\p{Default_Ignorable_Code_Point}/u.test(name), {
    error: 'must not contain invisible characters',
    abort: true,
  })
  .regex(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}_-]*$/u, 'letters, digits, "-" and "_" only');

export const Posting = z.enum(['everyone', 'admins']);
export type Posting = z.infer<typeof Posting>;

export const Channel = z.object({
  id: ChannelId,
  workspaceId: WorkspaceId,
  kind: ChannelKind,
  /** Null for direct conversations. */
  name: z.string().nullable(),
  topic: z.string(),
  createdBy: UserId,
  createdAt: Timestamp,
  archivedAt: Timestamp.nullable(),
  description: z.string(),
  /** Whoever enters the workspace is in it from the start. */
  isDefault: z.boolean(),
  /** Who may post; the others read. */
  posting: Posting,
  /** Seconds each member waits between two messages; 0 is off. */
  slowModeSeconds: z.int(),
  /** Grows with every change of these settings: of two, the higher is the newer. */
  version: z.int(),
  /** Seq of the newest message, 0 while empty. */
  lastSeq: Seq,
  /** Ordinal of the newest message the channel shows. */
  lastOrdinal: z.int(),
  /** The people of a direct conversation; null for other kinds. */
  directUserIds: z.array(UserId).nullable(),
});
export type Channel = z.infer<typeof Channel>;

export const ChannelRole = z.enum(['admin', 'member']);
export type ChannelRole = z.infer<typeof ChannelRole>;

/** What a member has read of a channel, and what waits: `unreadOf` counts it. */
export const ReadState = z.object({
  lastReadSeq: Seq,
  /** Ordinal of the last message read. */
  lastReadOrdinal: z.int(),
  /** Grows with every move of the cursor by the reader: of two, the higher is the newer. */
  cursorVersion: z.int(),
  /** Seq of the channel's newest message when the reader moved it. One's own later messages move it on. */
  movedAtSeq: Seq,
  /** Messages after the cursor that were deleted or moved away. */
  removedSeqs: z.array(Seq),
  /** Messages after the cursor that call the reader. */
  mentionSeqs: z.array(Seq),
});
export type ReadState = z.infer<typeof ReadState>;

/** A channel as one of its members sees it. */
export const MyChannel = ReadState.extend({
  channel: Channel,
  role: ChannelRole,
  /** Grows with every change of the role. */
  roleVersion: z.int(),
  preferences: ChannelPreferences,
});
export type MyChannel = z.infer<typeof MyChannel>;

/** A channel one may see; `membership` is null for those one has not joined. */
export const ListedChannel = z.object({
  channel: Channel,
  membership: ReadState.extend({ role: ChannelRole }).nullable(),
  /** People in it; bots are not counted. */
  memberCount: z.int(),
});
export type ListedChannel = z.infer<typeof ListedChannel>;

export const BrowseChannels = PageQuery.extend({
  /** Part of a name or topic. */
  q: SingleLine.max(100).optional(),
  /** Without it public and private channels, no conversations. */
  kind: ChannelKind.optional(),
  archived: z.enum(['true', 'false']).default('false'),
  /** By name, most members first, or newest first. */
  sort: z.enum(['name', 'members', 'recent']).default('name'),
});
export type BrowseChannels = z.infer<typeof BrowseChannels>;

const Topic = SingleLine.max(250);
const Description = FreeText.max(2000);

export const CreateChannel = z.strictObject({
  name: ChannelName,
  kind: z.enum(['public', 'private']),
  topic: Topic.default(''),
  description: Description.default(''),
});
export type CreateChannel = z.infer<typeof CreateChannel>;

/** What is left out stays as it is. */
export const UpdateChannel = z.strictObject({
  name: ChannelName.optional(),
  topic: Topic.optional(),
  description: Description.optional(),
  /** A public channel becomes private and never public again. */
  kind: z.literal('private').optional(),
  isDefault: z.boolean().optional(),
  posting: Posting.optional(),
  slowModeSeconds: z.int().min(0).max(21_600).optional(),
});
export type UpdateChannel = z.infer<typeof UpdateChannel>;

/** The other people, without oneself. */
export const OpenDirect = z.strictObject({ userIds: z.array(UserId).min(1).max(8) });
export type OpenDirect = z.infer<typeof OpenDirect>;

export const AddChannelMember = z.strictObject({ userId: UserId });
export type AddChannelMember = z.infer<typeof AddChannelMember>;

export const AddChannelMembers = z.strictObject({ userIds: z.array(UserId).min(1).max(100) });
export type AddChannelMembers = z.infer<typeof AddChannelMembers>;

export const UpdateChannelMember = z.strictObject({ role: ChannelRole });
export type UpdateChannelMember = z.infer<typeof UpdateChannelMember>;

export const ChannelMember = z.object({
  user: User,
  role: ChannelRole,
  /** Grows with every change of the role: of two, the higher is the newer. */
  roleVersion: z.int(),
  joinedAt: Timestamp,
});
export type ChannelMember = z.infer<typeof ChannelMember>;

export const MoveReadCursor = z.strictObject({ seq: Seq });
export type MoveReadCursor = z.infer<typeof MoveReadCursor>;

/** The message that is to be the first unread one. */
export const MarkUnread = z.strictObject({ seq: z.int().min(1) });
export type MarkUnread = z.infer<typeof MarkUnread>;

export const ReadCursor = ReadState.extend({ channelId: ChannelId });
export type ReadCursor = z.infer<typeof ReadCursor>;

import { z } from 'zod';
import { ChannelId, SectionId } from '../ids.js';
import { Label } from '../text.js';

export const SidebarSection = z.object({
  id: SectionId,
  name: z.string(),
  collapsed: z.boolean(),
  /** In order. A channel is in one section at most; one that I have left keeps its place. */
  channelIds: z.array(ChannelId),
});
export type SidebarSection = z.infer<typeof SidebarSection>;

/** One person's sections in one workspace, in order. Channels in none of them stand below, by name. */
export const Sidebar = z.object({
  sections: z.array(SidebarSection),
  /** Grows with every change: of two, the higher is the newer. 0 before the first. */
  version: z.int(),
});
export type Sidebar = z.infer<typeof Sidebar>;

const SectionName = Label.min(1).max(80);
/** The section it stands behind; null is the first place. */
const after = SectionId.nullable().optional();

/** A new section comes last unless `after` says otherwise. */
export const CreateSection = z.strictObject({ name: SectionName, after });
export type CreateSection = z.infer<typeof CreateSection>;

export const UpdateSection = z.strictObject({
  name: SectionName.optional(),
  collapsed: z.boolean().optional(),
  after,
});
export type UpdateSection = z.infer<typeof UpdateSection>;

/** Into a section, or out of all with null; behind the channel `after`, first with null, else last. */
export const PlaceChannel = z.strictObject({
  sectionId: SectionId.nullable(),
  after: ChannelId.nullable().optional(),
});
export type PlaceChannel = z.infer<typeof PlaceChannel>;

import { z } from 'zod';
import { EmojiId, ImageId, Timestamp, UserId, WorkspaceId } from '../ids.js';

/** Without the colons around it. */
export const EmojiName = z.string().regex(/^[a-z0-9_+-]{2,64}$/, 'a to z, 0 to 9, "_", "+" and "-" only');

const RGI = /^\p{RGI_Emoji}$/v;
const ASKS_FOR_PICTURE = '\uFE0F';
/** As Unicode recommends it for interchange: some characters are emoji only with a selector behind them. */
const asRecommended = (text: string): string => {
  const composed = text.normalize('NFC');
  return RGI.test(composed + ASKS_FOR_PICTURE) ? composed + ASKS_FOR_PICTURE : composed;
};

/** One emoji of Unicode, as keyboards write it: `👍🏽` is one, two of them are not, and neither is a letter. */
export const UnicodeEmoji = z
  .string()
  .max(64)
  .overwrite(asRecommended)
  .refine((text) => RGI.test(text), 'must be one emoji');

/** An emoji of Unicode, or `:name:` for one of the workspace. */
export const EmojiKey = z.union([
  z.string().regex(/^:[a-z0-9_+-]{2,64}:$/, 'must be one emoji or :name:'),
  UnicodeEmoji,
]);
export type EmojiKey = z.infer<typeof EmojiKey>;

/** What an image must not exceed to become an emoji. */
export const EMOJI_BOUNDS = { bytes: 256 * 1024, pixels: 512 } as const;
export const MAX_EMOJI_PER_WORKSPACE = 5000;

/** An emoji of a workspace, shown where people write `:name:`. */
export const CustomEmoji = z.object({
  id: EmojiId,
  workspaceId: WorkspaceId,
  name: EmojiName,
  imageId: ImageId,
  /** The emoji that this is another name of; it goes when that goes. */
  aliasOf: EmojiId.nullable(),
  createdBy: UserId,
  createdAt: Timestamp,
  /** Of two, the higher is the newer. */
  version: z.int(),
});
export type CustomEmoji = z.infer<typeof CustomEmoji>;

/** A picture of its own, or another name of an emoji that exists. */
export const CreateEmoji = z
  .strictObject({ name: EmojiName, imageId: ImageId.optional(), aliasOf: EmojiId.optional() })
  .refine(({ imageId, aliasOf }) => (imageId === undefined) !== (aliasOf === undefined), {
    path: ['imageId'],
    message: 'either imageId or aliasOf',
  });
export type CreateEmoji = z.infer<typeof CreateEmoji>;

export const RenameEmoji = z.strictObject({ name: EmojiName });
export type RenameEmoji = z.infer<typeof RenameEmoji>;

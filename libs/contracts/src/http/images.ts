import { z } from 'zod';
import { ImageId } from '../ids.js';

/** Small images: avatars, icons of workspaces, emoji. SVG is none of them, for it can carry scripts. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
export const ImageType = z.enum(IMAGE_TYPES);
export type ImageType = z.infer<typeof ImageType>;

export const MAX_IMAGE_BYTES = 512 * 1024;
/** Of either side. */
export const MAX_IMAGE_PIXELS = 2048;

/** What is known of an image; `GET /images/{imageId}` is the image itself. */
export const Image = z.object({
  id: ImageId,
  type: ImageType,
  width: z.int(),
  height: z.int(),
  /** In bytes. */
  size: z.int(),
});
export type Image = z.infer<typeof Image>;

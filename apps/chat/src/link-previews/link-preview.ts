import type { ImageId, LinkPreview } from '#contracts';
import { API_PREFIX } from '#contracts';
import type { PageSummary } from './page.js';

/** A preview as it is kept; its position is its place among the links of the message. */
export type StoredPreview = { position: number; url: string; preview: KeptPreview; imageId: ImageId | null };
export type KeptPreview = Omit<LinkPreview, 'position'>;

export const keptPreview = (url: string, page: PageSummary, imageId: ImageId | null): KeptPreview => ({
  url,
  title: page.title,
  description: page.description,
  siteName: page.siteName,
  type: page.type,
  imageUrl: imageId && `${API_PREFIX}/images/${imageId}`,
});

export const sameLinks = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((url, at) => url === other[at]);

type Found = Omit<StoredPreview, 'position'>;

/**
 * The previews of a message with these links. Links that were there before keep what they had: a preview
 * that its author removed is not found again.
 */
export const arrange = (
  links: readonly string[],
  present: readonly StoredPreview[],
  found: readonly Found[],
): StoredPreview[] =>
  links.flatMap((url, position) => {
    const preview = present.find((one) => one.url === url) ?? found.find((one) => one.url === url);
    return preview ? [{ ...preview, position }] : [];
  });

export const samePreviews = (one: readonly StoredPreview[], other: readonly StoredPreview[]): boolean =>
  one.length === other.length &&
  one.every((preview, at) => preview.url === other[at]?.url && preview.position === other[at].position);

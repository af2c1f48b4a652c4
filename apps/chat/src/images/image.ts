import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import { ImageType, MAX_IMAGE_PIXELS, type Image } from '#contracts';

/** An animated PNG is a PNG to whoever shows it. */
const SAME_AS: Record<string, string> = { 'image/apng': 'image/png' };

export type Inspected = Pick<Image, 'type' | 'width' | 'height'>;

/** What the bytes are, whatever they were called; null when they are no image that we take. */
export const inspectImage = async (bytes: Uint8Array): Promise<Inspected | null> => {
  const mime = (await fileTypeFromBuffer(bytes))?.mime ?? '';
  const type = ImageType.safeParse(SAME_AS[mime] ?? mime);
  if (!type.success) return null;
  try {
    const { width, height } = imageSize(bytes);
    return width > 0 && height > 0 ? { type: type.data, width, height } : null;
  } catch {
    // The head of an image, and then something else.
    return null;
  }
};

export const withinPixels = ({ width, height }: Inspected, most = MAX_IMAGE_PIXELS): boolean =>
  width <= most && height <= most;

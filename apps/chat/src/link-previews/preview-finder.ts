import { Inject, Injectable } from '@nestjs/common';
import { IMAGE_TYPES, MAX_IMAGE_BYTES, type ImageId, type WorkspaceId } from '#contracts';
import { OutboundPolicy, parseNetworks } from '#outbound';
import { CONFIG } from '#platform';
import type { ChatConfig } from '../config.js';
import { ImagesService } from '../images/images.service.js';
import { keptPreview, type StoredPreview } from './link-preview.js';
import { isTelling, summarise } from './page.js';
import { NotFetched, PageFetcher, type Fetched, type Wanted } from './page-fetcher.js';

const PAGE: Wanted = { types: ['text/html', 'application/xhtml+xml'], maxBytes: 1024 * 1024, beyond: 'cut' };
const THUMBNAIL: Wanted = { types: IMAGE_TYPES, maxBytes: MAX_IMAGE_BYTES, beyond: 'refuse' };

/** Finds out what links lead to. */
@Injectable()
export class PreviewFinder {
  private readonly fetcher: PageFetcher;

  constructor(
    private readonly images: ImagesService,
    @Inject(CONFIG) { linkPreviews, publicUrl }: ChatConfig,
  ) {
    const policy = new OutboundPolicy(linkPreviews.ports, parseNetworks(linkPreviews.networks));
    this.fetcher = new PageFetcher(policy, `Parley (link preview; +${publicUrl})`);
  }

  /** Null for what can't be had or says nothing about itself. */
  async find(
    url: string,
    workspaceId: WorkspaceId,
    signal: AbortSignal,
  ): Promise<Omit<StoredPreview, 'position'> | null> {
    const fetched = await this.fetch(url, PAGE, signal);
    if (!fetched) return null;
    const page = summarise(decoded(fetched), fetched.url);
    if (!isTelling(page)) return null;
    const imageId = page.imageUrl ? await this.thumbnail(page.imageUrl, workspaceId, signal) : null;
    return { url, preview: keptPreview(url, page, imageId), imageId };
  }

  /** A copy of our own: whoever reads the message must not be seen by whoever it links to. */
  private async thumbnail(
    url: string,
    workspaceId: WorkspaceId,
    signal: AbortSignal,
  ): Promise<ImageId | null> {
    const fetched = await this.fetch(url, THUMBNAIL, signal);
    return fetched && ((await this.images.keepFor(workspaceId, fetched.body))?.id ?? null);
  }

  private async fetch(url: string, wanted: Wanted, signal: AbortSignal): Promise<Fetched | null> {
    try {
      return await this.fetcher.fetch(url, wanted, signal);
    } catch (error) {
      if (error instanceof NotFetched) return null;
      throw error;
    }
  }
}

const CHARSET = /charset\s*=\s*["']?([\w.:-]{1,40})/i;
/** In the encoding that the header names, or the first kilobyte of the page. */
const decoded = ({ contentType, body }: Fetched): string => {
  const [, label = 'utf-8'] =
    CHARSET.exec(contentType) ?? CHARSET.exec(body.toString('latin1', 0, 1024)) ?? [];
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
};

import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Image, ImageId, UserId, WorkspaceId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import { Database, type Tx } from '#db';
import { CONFIG, DomainError, type Principal } from '#platform';
import type { ChatConfig } from '../config.js';
import { inspectImage, withinPixels, type Inspected } from './image.js';
import { ImagesRepository } from './images.repository.js';

/** Whoever uploads an image has this long to use it. */
const UNUSED_AFTER_MS = 24 * 3_600_000;
const SWEEP_AT_ONCE = 500;

/** What an image must not exceed to be used for something. */
export type ImageBounds = { bytes: number; pixels: number };

/** Small images of people and workspaces. */
@Injectable()
export class ImagesService {
  constructor(
    private readonly database: Database,
    private readonly images: ImagesRepository,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  /** Anyone with an account may upload. The same bytes again are the same image, and cost nothing. */
  async upload(caller: Principal, bytes: Buffer): Promise<Image> {
    const inspected = await this.inspect(bytes);
    return this.database.transaction(async (tx) => {
      await this.images.lockOwner(tx, caller.userId);
      return this.store(tx, caller.userId, inspected, bytes);
    });
  }

  /** An image that nobody uploaded, for everyone in the workspace; null when it is none that we take. */
  async keepFor(workspaceId: WorkspaceId, bytes: Buffer): Promise<Image | null> {
    const inspected = await inspectImage(bytes);
    if (!inspected || !withinPixels(inspected)) return null;
    return this.database.transaction(async (tx) => {
      const image = await this.store(tx, null, inspected, bytes);
      await this.images.share(tx, image.id, workspaceId);
      return image;
    });
  }

  async read(caller: Principal, id: ImageId): Promise<{ type: string; bytes: Buffer }> {
    const image = await this.images.read(id, caller.userId);
    if (!image) throw new DomainError('image.not_found');
    return image;
  }

  /** Before an image becomes someone's avatar: it must be readable to them. Throws `image.not_found`, `image.too_large`. */
  async use(tx: Tx, userId: UserId, id: ImageId, bounds?: ImageBounds): Promise<Image> {
    const image = await this.images.lockReadable(tx, id, userId);
    if (!image) throw new DomainError('image.not_found');
    if (bounds && (image.size > bounds.bytes || !withinPixels(image, bounds.pixels)))
      throw new DomainError('image.too_large');
    return image;
  }

  /** Before an image becomes part of a workspace: from then on everyone in it may read it, even when its uploader leaves. */
  async useFor(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    id: ImageId,
    bounds?: ImageBounds,
  ): Promise<Image> {
    const image = await this.use(tx, userId, id, bounds);
    await this.images.share(tx, id, workspaceId);
    return image;
  }

  /** Deletes what has not been used for a day; returns how many images. */
  async sweep(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - UNUSED_AFTER_MS);
    let deleted = 0;
    for (let last = SWEEP_AT_ONCE; last === SWEEP_AT_ONCE; deleted += last)
      last = await this.database.transaction((tx) => this.images.deleteUnused(tx, before, SWEEP_AT_ONCE));
    return deleted;
  }

  private async inspect(bytes: Buffer): Promise<Inspected> {
    const inspected = await inspectImage(bytes);
    if (!inspected) throw new DomainError('image.unsupported');
    if (!withinPixels(inspected)) throw new DomainError('image.too_large');
    return inspected;
  }

  private async store(tx: Tx, ownerId: UserId | null, inspected: Inspected, bytes: Buffer): Promise<Image> {
    const sha256 = createHash('sha256').update(bytes).digest();
    const uploadedAt = this.clock.now();
    const known = await this.images.uploadAgain(tx, ownerId, sha256, uploadedAt);
    if (known) return known;
    if (ownerId && (await this.images.usedBytes(tx, ownerId)) + bytes.length > this.quotaBytes)
      throw new DomainError('image.quota_exceeded');
    const image: Image = { id: uuidv7() as ImageId, ...inspected, size: bytes.length };
    await this.images.insert(tx, ownerId, { ...image, sha256, bytes, uploadedAt });
    return image;
  }

  private get quotaBytes(): number {
    return this.config.imagesQuotaMib * 1024 * 1024;
  }
}

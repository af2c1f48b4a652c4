import { Injectable } from '@nestjs/common';
import {
  EMOJI_BOUNDS,
  MAX_EMOJI_PER_WORKSPACE,
  type CreateEmoji,
  type CustomEmoji,
  type EmojiId,
  type ImageId,
  type Page,
  type PageQuery,
  type WorkspaceId,
} from '#contracts';
import { cutPage, uuidv7 } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { ImagesService } from '../images/images.service.js';
import { nameCursor } from '../paging/name-cursor.js';
import { isReserved, mayChange, presentEmoji, type EmojiRow } from './emoji.js';
import { EmojiEvents } from './emoji-events.js';
import { EmojiRepository } from './emoji.repository.js';

type Source = { imageId: ImageId; aliasOf: EmojiId | null };

/** The emoji of a workspace. */
@Injectable()
export class EmojiService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly emoji: EmojiRepository,
    private readonly images: ImagesService,
    private readonly events: EmojiEvents,
  ) {}

  async create(caller: Principal, workspaceId: WorkspaceId, input: CreateEmoji): Promise<CustomEmoji> {
    await this.access.permit(caller, workspaceId, 'emoji.create');
    return this.database.transaction(async (tx) => {
      await this.claimName(tx, workspaceId, input.name);
      if ((await this.emoji.count(tx, workspaceId)) >= MAX_EMOJI_PER_WORKSPACE)
        throw new DomainError('emoji.too_many');
      const emoji: EmojiRow = {
        id: uuidv7() as EmojiId,
        workspaceId,
        name: input.name,
        ...(await this.source(tx, caller, workspaceId, input)),
        createdBy: caller.userId,
        createdAt: this.events.now(),
        version: 1,
      };
      await this.emoji.insert(tx, emoji);
      return this.events.updated(tx, emoji, caller.userId);
    });
  }

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<CustomEmoji>> {
    await this.access.workspace(caller, workspaceId);
    const rows = await this.emoji.list(workspaceId, nameCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.name, row.id]);
    return { ...page, data: page.data.map(presentEmoji) };
  }

  async rename(caller: Principal, workspaceId: WorkspaceId, id: EmojiId, name: string): Promise<CustomEmoji> {
    const standing = await this.access.workspace(caller, workspaceId);
    return this.database.transaction(async (tx) => {
      const emoji = await this.find(tx, workspaceId, id);
      if (!mayChange(emoji, caller.userId, standing)) throw new DomainError('permission.denied');
      if (emoji.name === name) return presentEmoji(emoji);
      await this.claimName(tx, workspaceId, name);
      return this.events.updated(tx, await this.emoji.rename(tx, id, name), caller.userId);
    });
  }

  /** Its other names go with it. Reactions with it stay, and are shown by its name. */
  async delete(caller: Principal, workspaceId: WorkspaceId, id: EmojiId): Promise<void> {
    const standing = await this.access.workspace(caller, workspaceId);
    await this.database.transaction(async (tx) => {
      const emoji = await this.find(tx, workspaceId, id);
      if (!mayChange(emoji, caller.userId, standing)) throw new DomainError('permission.denied');
      for (const emojiId of await this.emoji.delete(tx, id))
        await this.events.deleted(tx, workspaceId, emojiId, caller.userId);
    });
  }

  /** Whether the workspace has an emoji of this name; whoever asks has checked access. */
  has(workspaceId: WorkspaceId, name: string): Promise<boolean> {
    return this.emoji.exists(workspaceId, name);
  }

  private async find(tx: Tx, workspaceId: WorkspaceId, id: EmojiId): Promise<EmojiRow> {
    await this.emoji.lockWorkspace(tx, workspaceId);
    const emoji = await this.emoji.lock(tx, workspaceId, id);
    if (!emoji) throw new DomainError('emoji.not_found');
    return emoji;
  }

  private async claimName(tx: Tx, workspaceId: WorkspaceId, name: string): Promise<void> {
    if (isReserved(name)) throw new DomainError('emoji.name_reserved');
    await this.emoji.lockWorkspace(tx, workspaceId);
    if (await this.emoji.isNameTaken(tx, workspaceId, name)) throw new DomainError('emoji.name_taken');
  }

  /** Another name of another name is one of the emoji itself. */
  private async source(
    tx: Tx,
    caller: Principal,
    workspaceId: WorkspaceId,
    { imageId, aliasOf }: CreateEmoji,
  ): Promise<Source> {
    if (imageId) {
      await this.images.useFor(tx, workspaceId, caller.userId, imageId, EMOJI_BOUNDS);
      return { imageId, aliasOf: null };
    }
    const target = await this.find(tx, workspaceId, aliasOf as EmojiId);
    return { imageId: target.imageId, aliasOf: target.aliasOf ?? target.id };
  }
}

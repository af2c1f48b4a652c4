import type { CustomEmoji, EmojiId, ImageId, UserId, WorkspaceId } from '#contracts';
import { allows, type Standing } from '../access/permission.js';
import { unicodeOf } from './shortcode.js';

export type EmojiRow = {
  id: EmojiId;
  workspaceId: WorkspaceId;
  name: string;
  imageId: ImageId;
  aliasOf: EmojiId | null;
  createdBy: UserId;
  createdAt: Date;
  version: number;
};

export const presentEmoji = ({ createdAt, ...row }: EmojiRow): CustomEmoji => ({
  ...row,
  createdAt: createdAt.toISOString(),
});

/** `:tada:` is the same everywhere; no workspace can make something else of it. */
export const isReserved = (name: string): boolean => unicodeOf(name) !== null;

/** Whoever added an emoji may change it, and so may those who moderate emoji. */
export const mayChange = (emoji: Pick<EmojiRow, 'createdBy'>, userId: UserId, standing: Standing): boolean =>
  emoji.createdBy === userId || allows(standing, 'emoji.delete_any');

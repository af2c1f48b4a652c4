import type { ProblemCode, UserId } from '#contracts';
import type { ChannelAccess } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { clear } from '../messages/posting.js';

/** Moving holds both channels; a longer thread would hold them for too long. */
export const MAX_MOVED = 500;

/**
 * Why somebody may not move messages, or null. One's own words may go anywhere one may post; those of
 * others are moved by moderators, and never out of a conversation.
 */
export const refusal = (
  mover: UserId,
  authors: readonly UserId[],
  source: ChannelAccess,
  target: ChannelAccess,
): ProblemCode | null => {
  if (target.archivedAt) return 'channel.archived';
  const posting = clear(target, false);
  if ('code' in posting) return posting.code;
  if (authors.every((author) => author === mover)) return null;
  if (source.kind === 'direct') return 'message.not_author';
  return source.channelRole === 'admin' || allows(source, 'message.move_any') ? null : 'permission.denied';
};

import { parseMentions, type GroupId, type Mention, type UserId } from '#contracts';

/** Whom a message calls. */
export type Call = { userIds: UserId[]; groupIds: GroupId[]; wide: 'channel' | 'here' | null };

const sameMention = (a: Mention, b: Mention): boolean =>
  a.kind === b.kind && ('id' in a ? a.id : null) === ('id' in b ? b.id : null);

/** Whom the present wording calls and none of the earlier ones did. */
export const callOf = (mentions: readonly Mention[], earlier: readonly string[]): Call => {
  const known = earlier.flatMap(parseMentions);
  const added = mentions.filter((mention) => !known.some((other) => sameMention(mention, other)));
  const has = (kind: Mention['kind']) => added.some((mention) => mention.kind === kind);
  return {
    userIds: added.flatMap((mention) => (mention.kind === 'user' ? [mention.id] : [])),
    groupIds: added.flatMap((mention) => (mention.kind === 'group' ? [mention.id] : [])),
    wide: has('channel') ? 'channel' : has('here') ? 'here' : null,
  };
};

import { z } from 'zod';
import { AccessTokenId, Timestamp } from '../ids.js';
import { tags, type ScopeResource, type Tag } from '../tags.js';
import { Label } from '../text.js';

/** What a personal access token can be for: what routes are about that a program may call. */
export const scopeResources = (Object.keys(tags) as Tag[]).filter(
  (tag): tag is ScopeResource => tags[tag].tokens !== null,
);
export type TokenScopeName = '*' | `${ScopeResource}:${'read' | 'write'}`;

const scopeNames: TokenScopeName[] = [
  '*',
  ...scopeResources.flatMap((resource): TokenScopeName[] => [`${resource}:read`, `${resource}:write`]),
];
/** `write` doesn't include `read`; `*` includes all. */
export const TokenScope = z.enum(scopeNames as [TokenScopeName, ...TokenScopeName[]]);
export type TokenScope = z.infer<typeof TokenScope>;

export const AccessToken = z.object({
  id: AccessTokenId,
  name: z.string(),
  /** How the token begins, to tell it from others. */
  hint: z.string(),
  scopes: z.array(TokenScope),
  createdAt: Timestamp,
  /** Null for one that works until it is revoked. */
  expiresAt: Timestamp.nullable(),
  /** To the hour. */
  lastUsedAt: Timestamp.nullable(),
});
export type AccessToken = z.infer<typeof AccessToken>;

export const AccessTokens = z.object({
  accessTokens: z.array(AccessToken),
  /** +1 with each change; 0 before the first. The higher one is newer. */
  version: z.int().min(0),
});
export type AccessTokens = z.infer<typeof AccessTokens>;

export const CreateAccessToken = z.strictObject({
  password: z.string().min(1).max(256),
  name: Label.min(1).max(80),
  scopes: z
    .array(TokenScope)
    .min(1)
    .max(scopeNames.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'must not name a scope twice'),
  expiresInDays: z.int().min(1).max(3650).nullable().default(null),
});
export type CreateAccessToken = z.infer<typeof CreateAccessToken>;

/** The token is shown once: only its hash is stored. */
export const CreatedAccessToken = AccessToken.extend({ token: z.string() });
export type CreatedAccessToken = z.infer<typeof CreatedAccessToken>;

/**
 * What routes are about. A personal access token is bounded by scopes made of these: `messages:read`. Those
 * that are `null` for tokens guard the account itself and want a person's session.
 */
export const tags = {
  auth: { tokens: null, description: 'Accounts, sessions and tokens' },
  account: { tokens: 'scoped', description: 'The authenticated person' },
  security: {
    tokens: null,
    description:
      'What guards the account: sessions, password, second factor, passkeys, personal access tokens; not for programs with such a token',
  },
  workspaces: { tokens: 'scoped', description: 'Workspaces, their members and invites' },
  members: { tokens: 'scoped', description: 'Roles, groups and what becomes of members' },
  jobs: { tokens: 'scoped', description: 'Work in the background, and its progress' },
  channels: { tokens: 'scoped', description: 'Channels and direct conversations' },
  sidebar: { tokens: 'scoped', description: 'What one person sees of their channels, and how' },
  messages: { tokens: 'scoped', description: 'Messages, ordered by `seq` within their channel' },
  threads: { tokens: 'scoped', description: 'Replies to a message, and who follows them' },
  activity: { tokens: 'scoped', description: 'Mentions, replies and reactions that concern one' },
  drafts: { tokens: 'scoped', description: 'What one is about to say, on all devices' },
  'scheduled-messages': { tokens: 'scoped', description: 'Messages that are sent later, once or regularly' },
  reminders: { tokens: 'scoped', description: 'Reminders to oneself' },
  images: { tokens: 'scoped', description: 'Small images: avatars, icons, emoji' },
  emoji: { tokens: 'scoped', description: 'Emoji of a workspace' },
  search: { tokens: 'scoped', description: 'Full-text search over messages one may see' },
  notifications: { tokens: 'scoped', description: 'What calls one, and how one hears of it' },
  events: { tokens: 'scoped', description: 'The live event stream' },
  presence: { tokens: 'scoped', description: 'Who is there, and who is writing' },
  analytics: { tokens: 'scoped', description: 'Reports' },
} as const satisfies Record<string, { tokens: 'scoped' | null; description: string }>;

export type Tag = keyof typeof tags;
/** The tags that scopes are made of. */
export type ScopeResource = {
  [Name in Tag]: (typeof tags)[Name]['tokens'] extends null ? never : Name;
}[Tag];

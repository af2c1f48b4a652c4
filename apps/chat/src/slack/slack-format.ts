import { z } from 'zod';

/** The parts of a Slack export that mean something to us; everything else is kept as it came. */
const Id = z.string().regex(/^[A-Z0-9]{1,64}$/);
const Seconds = z.coerce.number().int().min(0).max(4_102_444_800).catch(0);

export const SlackUser = z.looseObject({
  id: Id,
  name: z.string().catch(''),
  deleted: z.boolean().catch(false),
  is_bot: z.boolean().catch(false),
  real_name: z.string().catch(''),
  profile: z
    .looseObject({
      email: z.string().catch(''),
      real_name: z.string().catch(''),
      display_name: z.string().catch(''),
      title: z.string().catch(''),
    })
    .catch({ email: '', real_name: '', display_name: '', title: '' }),
});
export type SlackUser = z.infer<typeof SlackUser>;

const Described = z.looseObject({ value: z.string().catch('') }).catch({ value: '' });
export const SlackConversation = z.looseObject({
  id: Id,
  name: z.string().catch(''),
  created: Seconds,
  creator: z.string().catch(''),
  is_archived: z.boolean().catch(false),
  is_general: z.boolean().catch(false),
  members: z.array(Id).catch([]),
  topic: Described,
  purpose: Described,
  pins: z.array(z.looseObject({ id: z.string(), user: z.string().catch(''), created: Seconds })).catch([]),
});
export type SlackConversation = z.infer<typeof SlackConversation>;

const Reaction = z.looseObject({
  name: z.string().min(1).max(100),
  users: z.array(z.string()),
  count: z.int().catch(0),
});
export const SlackReactions = z.array(Reaction);
export const SlackMessage = z.looseObject({
  type: z.string().catch('message'),
  subtype: z.string().optional().catch(undefined),
  ts: z.string(),
  user: z.string().optional().catch(undefined),
  bot_id: z.string().optional().catch(undefined),
  username: z.string().optional().catch(undefined),
  text: z.string().catch(''),
  thread_ts: z.string().optional().catch(undefined),
  edited: z
    .looseObject({ user: z.string().catch(''), ts: z.string() })
    .optional()
    .catch(undefined),
  reactions: SlackReactions.catch([]),
  pinned_to: z.array(z.string()).catch([]),
  files: z.array(z.looseObject({ name: z.string().catch('') })).catch([]),
  attachments: z
    .array(z.looseObject({ fallback: z.string().catch(''), text: z.string().catch('') }))
    .catch([]),
  user_profile: z
    .looseObject({ real_name: z.string().catch('') })
    .optional()
    .catch(undefined),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

/** The lists of conversations, in the order in which they are imported. */
export const LISTS = ['channels', 'groups', 'dms', 'mpims'] as const;
export type List = (typeof LISTS)[number];

/** Where a conversation's days lie: by name, direct messages by id. */
export const folderOf = (list: List, { id, name }: { id: string; name: string }): string =>
  list === 'dms' ? id : name || id;

import type {
  Channel,
  CustomEmoji,
  DirectInvitation,
  Draft,
  Group,
  Invite,
  Me,
  Member,
  Message,
  MyChannel,
  MyWorkspace,
  Preferences,
  Reminder,
  Role,
  SavedItem,
  ScheduledMessage,
  Sidebar,
  ThreadMembership,
} from '#contracts';

export type ById<Value> = Readonly<Record<string, Value>>;

/**
 * What one person knows of one workspace: fetched once, then kept by events. Never mutated. What a view
 * doesn't hold (history of channels that were not opened, lists that were not fetched) events don't add.
 */
export type View = {
  readonly me: Me;
  readonly preferences: Preferences;
  /** `permissions` follow from roles and settings; whoever needs them anew fetches them. */
  readonly workspace: Omit<MyWorkspace, 'permissions'>;
  readonly roles: readonly Role[];
  readonly members: ById<Member>;
  /** Channels I am in. */
  readonly channels: ById<MyChannel>;
  readonly sidebar: Sidebar;
  /** Messages by id, of the channels in `opened`. */
  readonly messages: ById<Message>;
  readonly opened: readonly string[];
  /** How I stand to threads, by their first message. */
  readonly threads: ById<ThreadMembership>;
  /** Full members only. */
  readonly groups: ById<Group>;
  readonly emoji: ById<CustomEmoji>;
  readonly drafts: ById<Draft>;
  readonly savedItems: ById<SavedItem>;
  readonly scheduledMessages: ById<ScheduledMessage>;
  readonly reminders: ById<Reminder>;
  readonly directInvitations: ById<DirectInvitation>;
  /** Those that are open; admins and owners only. */
  readonly invites: ById<Invite>;
  /** Something happened that has to be fetched: my role is another one, or history came without events. */
  readonly stale: boolean;
  /** I am not in the workspace any more, or it is no more. */
  readonly ended: boolean;
};

export const put = <Value>(all: ById<Value>, id: string, value: Value): ById<Value> => ({
  ...all,
  [id]: value,
});

/** The newer of the two stays. */
export const putNewer = <Value extends { version?: number | undefined }>(
  all: ById<Value>,
  id: string,
  value: Value,
): ById<Value> => ((all[id]?.version ?? -1) > (value.version ?? 0) ? all : put(all, id, value));

/** The groups I am in: what calls one of them calls me. */
export const groupIdsOf = (view: Pick<View, 'me' | 'groups'>): string[] =>
  Object.values(view.groups)
    .filter(({ memberIds }) => memberIds.includes(view.me.id))
    .map(({ id }) => id);

export const drop = <Value>(all: ById<Value>, id: string): ById<Value> =>
  id in all ? Object.fromEntries(Object.entries(all).filter(([other]) => other !== id)) : all;

export const keep = <Value>(all: ById<Value>, wanted: (value: Value) => boolean): ById<Value> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => wanted(value)));

/** A channel that I have just come into: whoever joins has read what was said before. */
export const entered = (channel: Channel, role: MyChannel['role']): MyChannel => ({
  channel,
  role,
  roleVersion: 1,
  lastReadSeq: channel.lastSeq,
  lastReadOrdinal: channel.lastOrdinal,
  cursorVersion: 0,
  movedAtSeq: channel.lastSeq,
  removedSeqs: [],
  mentionSeqs: [],
  preferences: { muted: false, favourite: false, level: 'default', hiddenSince: null, version: 0 },
});

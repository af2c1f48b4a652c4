import type {
  Channel,
  ChannelRole,
  EventOf,
  Message,
  MyChannel,
  ParleyEvent,
  User,
  WorkspaceRole,
} from '#contracts';
import { merged, withCursor, withMessage } from './badge.js';
import { upsert } from './timeline.js';
import { noPreferences, without, type WorkspaceState } from './state.js';

const SEEN_LIMIT = 512;

const patchChannel = (
  state: WorkspaceState,
  channelId: string,
  patch: (my: MyChannel) => MyChannel,
): WorkspaceState => {
  const my = state.channels[channelId];
  return my ? { ...state, channels: { ...state.channels, [channelId]: patch(my) } } : state;
};

/** Whoever joins has read what was said before. */
const enterChannel = (state: WorkspaceState, channel: Channel, role: ChannelRole): WorkspaceState => {
  const known = state.channels[channel.id];
  const entered: MyChannel = {
    channel,
    role,
    roleVersion: 1,
    lastReadSeq: channel.lastSeq,
    lastReadOrdinal: channel.lastOrdinal,
    cursorVersion: 0,
    movedAtSeq: channel.lastSeq,
    removedSeqs: [],
    mentionSeqs: [],
    preferences: noPreferences,
  };
  const mine = known
    ? {
        ...merged(known, entered),
        role: known.role,
        roleVersion: known.roleVersion,
        preferences: known.preferences,
      }
    : entered;
  return { ...state, channels: { ...state.channels, [channel.id]: mine } };
};

export const leaveChannel = (state: WorkspaceState, channelId: string): WorkspaceState => ({
  ...state,
  channels: without(state.channels, channelId),
  timelines: without(state.timelines, channelId),
});

/** A message as the server has it, from an event or a reply: newer than, equal to or older than ours. */
export const putMessage = (state: WorkspaceState, message: Message): WorkspaceState => {
  const mine = message.senderId === state.me?.id;
  const timeline = state.timelines[message.channelId];
  const next = patchChannel(state, message.channelId, (my) => withMessage(my, message, state.me?.id ?? ''));
  return {
    ...next,
    timelines:
      timeline && message.ordinal !== undefined
        ? { ...next.timelines, [message.channelId]: upsert(timeline, message) }
        : next.timelines,
    pending: mine
      ? next.pending.filter(({ clientMessageId }) => clientMessageId !== message.clientMessageId)
      : next.pending,
  };
};

/** Settings by their version; positions only ever grow. */
const channelUpdated = (state: WorkspaceState, channel: Channel): WorkspaceState =>
  patchChannel(state, channel.id, (my) =>
    channel.version > my.channel.version
      ? {
          ...my,
          channel: {
            ...channel,
            lastSeq: Math.max(channel.lastSeq, my.channel.lastSeq),
            lastOrdinal: Math.max(channel.lastOrdinal, my.channel.lastOrdinal),
          },
        }
      : my,
  );

const memberJoined = (state: WorkspaceState, event: EventOf<'member.joined'>): WorkspaceState => {
  const { user, role, channel } = event.data;
  if (channel === null) {
    const member = { user, role: role as WorkspaceRole, joinedAt: event.time };
    return { ...state, people: { ...state.people, [user.id]: member } };
  }
  if (user.id !== state.me?.id) return state;
  return enterChannel(state, channel, role === 'admin' ? 'admin' : 'member');
};

const memberLeft = (state: WorkspaceState, event: EventOf<'member.left'>): WorkspaceState => {
  const { userId } = event.data;
  const me = userId === state.me?.id;
  if (event.channelId !== null) return me ? leaveChannel(state, event.channelId) : state;
  return { ...state, people: without(state.people, userId), expelled: state.expelled || me };
};

/** The higher version is newer, whatever the order of arrival. */
const isNewer = (incoming: User, known: User): boolean => (incoming.version ?? 0) > (known.version ?? 0);

const userUpdated = (state: WorkspaceState, user: User): WorkspaceState => {
  const known = state.people[user.id];
  if (!known || !isNewer(user, known.user)) return state;
  return { ...state, people: { ...state.people, [user.id]: { ...known, user } } };
};

const channelCreated = (state: WorkspaceState, event: EventOf<'channel.created'>): WorkspaceState => {
  const { channel, memberIds } = event.data;
  const me = state.me?.id;
  if (me === undefined || !memberIds.includes(me)) return state;
  const role = channel.createdBy === me && channel.kind !== 'direct' ? 'admin' : 'member';
  return enterChannel(state, channel, state.channels[channel.id]?.role ?? role);
};

/** Old messages came in at the end of the channel, all of them read: the timeline is fetched again. */
const channelImported = (state: WorkspaceState, { channel }: { channel: Channel }): WorkspaceState => {
  const next = patchChannel(state, channel.id, (my) =>
    channel.lastSeq <= my.lastReadSeq
      ? my
      : {
          ...my,
          channel: { ...my.channel, lastSeq: channel.lastSeq, lastOrdinal: channel.lastOrdinal },
          lastReadSeq: channel.lastSeq,
          lastReadOrdinal: channel.lastOrdinal,
          cursorVersion: my.cursorVersion + 1,
          movedAtSeq: channel.lastSeq,
          removedSeqs: [],
          mentionSeqs: [],
        },
  );
  return { ...next, timelines: without(next.timelines, channel.id) };
};

export const reduce = (state: WorkspaceState, event: ParleyEvent): WorkspaceState => {
  switch (event.type) {
    case 'message.created':
    case 'message.updated':
    case 'message.deleted':
    case 'reaction.added':
    case 'reaction.removed':
      return putMessage(state, event.data.message);
    case 'channel.created':
      return channelCreated(state, event);
    case 'channel.imported':
      return channelImported(state, event.data);
    case 'member.joined':
      return memberJoined(state, event);
    case 'member.left':
      return memberLeft(state, event);
    case 'read_cursor.updated':
      return patchChannel(state, event.data.channelId, (my) => withCursor(my, event.data));
    case 'channel.updated':
    case 'channel.archived':
      return channelUpdated(state, event.data.channel);
    case 'channel.hidden':
      // Those who are in it are told by `channel.updated`.
      return event.data.channelId in state.channels ? state : leaveChannel(state, event.data.channelId);
    case 'channel.deleted':
      return leaveChannel(state, event.data.channelId);
    case 'channel_member.updated': {
      const { channelId, member } = event.data;
      if (member.user.id !== state.me?.id) return state;
      return patchChannel(state, channelId, (my) =>
        member.roleVersion > my.roleVersion
          ? { ...my, role: member.role, roleVersion: member.roleVersion }
          : my,
      );
    }
    case 'direct_invitation.updated':
      // Nothing here shows proposals yet; the conversation asks for them when it is opened.
      return state;
    case 'channel_preferences.updated': {
      const { channelId, preferences } = event.data;
      return patchChannel(state, channelId, (my) =>
        preferences.version > my.preferences.version ? { ...my, preferences } : my,
      );
    }
    case 'sidebar.updated': {
      const { sidebar } = event.data;
      return sidebar.version > state.sidebar.version ? { ...state, sidebar } : state;
    }
    case 'user.updated':
      return userUpdated(state, event.data.user);
    case 'me.updated':
      return state.me && isNewer(event.data.me, state.me) ? { ...state, me: event.data.me } : state;
    default:
      // What this client doesn't show, or, from a newer server, doesn't know.
      return state;
  }
};

/** The one door for events. Redelivered events change nothing. */
export const apply = (state: WorkspaceState, event: ParleyEvent): WorkspaceState => {
  if (state.seen.includes(event.id)) return state;
  const next = reduce(state, event);
  return {
    ...next,
    seen: [...state.seen.slice(1 - SEEN_LIMIT), event.id],
    journal: state.journal && [...state.journal, event],
  };
};

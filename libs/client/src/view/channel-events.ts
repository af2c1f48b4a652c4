import { moveCursor, type Channel, type EventType, type MyChannel, type ReadCursor } from '#contracts';
import type { Handlers } from './handlers.js';
import { drop, entered, keep, put, putNewer, type View } from './view.js';

const patch = (view: View, channelId: string, change: (my: MyChannel) => MyChannel): View => {
  const my = view.channels[channelId];
  return my ? { ...view, channels: put(view.channels, channelId, change(my)) } : view;
};

/** Settings as told by the newer of the two; counters only grow. */
const settings = (view: View, channel: Channel): View =>
  patch(view, channel.id, (my) =>
    my.channel.version > channel.version
      ? my
      : {
          ...my,
          channel: {
            ...channel,
            lastSeq: Math.max(my.channel.lastSeq, channel.lastSeq),
            lastOrdinal: Math.max(my.channel.lastOrdinal, channel.lastOrdinal),
          },
        },
  );

const read = (view: View, cursor: ReadCursor): View =>
  patch(view, cursor.channelId, (my) => {
    const { lastOrdinal, ...rest } = moveCursor({ ...my, lastOrdinal: my.channel.lastOrdinal }, cursor);
    return { ...rest, channel: { ...rest.channel, lastOrdinal } };
  });

/** What was known of a channel goes with it. */
const leave = (view: View, channelId: string): View => ({
  ...view,
  channels: drop(view.channels, channelId),
  messages: keep(view.messages, (message) => message.channelId !== channelId),
  threads: keep(view.threads, (thread) => thread.channelId !== channelId),
  opened: view.opened.filter((id) => id !== channelId),
});

/** Whom a guest knows follows from who shares a channel with them: that is fetched. */
const knowing = (view: View): View => {
  const { role } = view.workspace;
  return role === 'guest' || role === 'single_channel_guest' ? { ...view, stale: true } : view;
};

export const channelEvents = {
  'channel.created': (view, { data: { channel, memberIds } }) => {
    if (!memberIds.includes(view.me.id) || view.channels[channel.id]) return view;
    const role = channel.createdBy === view.me.id && channel.kind !== 'direct' ? 'admin' : 'member';
    return { ...view, channels: put(view.channels, channel.id, entered(channel, role)) };
  },
  'channel.updated': (view, { data }) => settings(view, data.channel),
  'channel.archived': (view, { data }) => settings(view, data.channel),
  // Whoever is in it keeps it; the others hold nothing of it.
  'channel.hidden': (view) => view,
  'channel.deleted': (view, { data }) => leave(view, data.channelId),
  'channel.imported': (view, { data }) => ({ ...settings(view, data.channel), stale: true }),
  'channel_member.updated': (view, { data: { channelId, member } }) =>
    member.user.id === view.me.id
      ? patch(view, channelId, (my) =>
          my.roleVersion > member.roleVersion
            ? my
            : { ...my, role: member.role, roleVersion: member.roleVersion },
        )
      : view,
  'channel_preferences.updated': (view, { data: { channelId, preferences } }) =>
    patch(view, channelId, (my) =>
      my.preferences.version > preferences.version ? my : { ...my, preferences },
    ),
  'direct_invitation.updated': (view, { data: { invitation } }) => ({
    ...view,
    directInvitations:
      invitation.state === 'pending'
        ? putNewer(view.directInvitations, invitation.id, invitation)
        : drop(view.directInvitations, invitation.id),
  }),
  'member.joined': (view, event) => {
    const { user, role, channel, customRoleId, joinedAt = event.time } = event.data;
    if (channel === null) {
      const joined = { user, role: role, joinedAt };
      const member = { ...joined, ...(customRoleId ? { customRoleId } : {}) };
      return { ...view, members: put(view.members, user.id, member) };
    }
    const seen = knowing(settings(view, channel));
    if (user.id !== view.me.id || view.channels[channel.id]) return seen;
    const mine = entered(channel, role === 'admin' ? 'admin' : 'member');
    return { ...view, channels: put(view.channels, channel.id, mine) };
  },
  'member.left': (view, { channelId, data: { userId } }) => {
    if (channelId !== null) return userId === view.me.id ? knowing(leave(view, channelId)) : knowing(view);
    const ended = view.ended || userId === view.me.id;
    return { ...view, ended, members: drop(view.members, userId) };
  },
  'read_cursor.updated': (view, { data }) => read(view, data),
  'read_cursors.updated': (view, { data }) => data.cursors.reduce(read, view),
} satisfies Partial<Handlers<EventType>>;

import type { Bootstrap, Member, MyChannel } from '#contracts';
import { reduce } from './apply.js';
import { merged, withAllRead } from './badge.js';
import type { WorkspaceState } from './state.js';

/**
 * Call when asking for a snapshot. Events that arrive before the reply may be newer than it, so they are
 * kept and replayed on it.
 */
export const beginSnapshot = (state: WorkspaceState): WorkspaceState => ({ ...state, journal: [] });

const byId = <T>(items: readonly T[], id: (item: T) => string): Record<string, T> =>
  Object.fromEntries(items.map((item) => [id(item), item]));

/** Replaces all but loaded messages (versions of those merge) and what is still being sent. */
export const applyBootstrap = (state: WorkspaceState, bootstrap: Bootstrap): WorkspaceState => {
  const channels = byId(bootstrap.channels, (my) => my.channel.id);
  const fresh: WorkspaceState = {
    ...state,
    me: bootstrap.me,
    workspace: bootstrap.workspace,
    channels,
    sidebar: bootstrap.sidebar,
    people: byId(bootstrap.members, (member) => member.user.id),
    timelines: Object.fromEntries(Object.entries(state.timelines).filter(([id]) => id in channels)),
    journal: null,
    expelled: false,
  };
  return (state.journal ?? []).reduce(reduce, fresh);
};

export const applyMembers = (state: WorkspaceState, members: readonly Member[]): WorkspaceState => ({
  ...state,
  people: { ...state.people, ...byId(members, (member) => member.user.id) },
});

/** The reply to creating, joining or opening a channel; its event may come before or after. */
export const applyChannel = (state: WorkspaceState, my: MyChannel): WorkspaceState => {
  const known = state.channels[my.channel.id];
  if (!known) return { ...state, channels: { ...state.channels, [my.channel.id]: my } };
  return { ...state, channels: { ...state.channels, [my.channel.id]: merged(known, my) } };
};

/** What one has on the screen is read here before the server knows. */
export const applyAllRead = (state: WorkspaceState, channelId: string): WorkspaceState => {
  const my = state.channels[channelId];
  return my ? { ...state, channels: { ...state.channels, [channelId]: withAllRead(my) } } : state;
};

import { unreadIn, type Channel, type Member, type Message, type MyChannel } from '#contracts';
import type { WorkspaceState } from './state.js';
import { visibleRows } from './timeline.js';

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

export const nameOf = (state: WorkspaceState, userId: string): string =>
  state.people[userId]?.user.name ?? (state.me?.id === userId ? state.me.name : 'Former member');

export const titleOf = (state: WorkspaceState, channel: Channel): string => {
  if (channel.kind !== 'direct') return channel.name ?? 'unnamed';
  const others = (channel.directUserIds ?? []).filter((id) => id !== state.me?.id);
  if (others.length === 0) return `${state.me?.name ?? ''} (you)`;
  return others.map((id) => nameOf(state, id)).join(', ');
};

const open = (state: WorkspaceState): MyChannel[] =>
  Object.values(state.channels).filter(({ channel }) => channel.archivedAt === null);

export const roomsOf = (state: WorkspaceState): MyChannel[] =>
  open(state)
    .filter(({ channel }) => channel.kind !== 'direct')
    .sort((a, b) => collator.compare(a.channel.name ?? '', b.channel.name ?? ''));

export const directsOf = (state: WorkspaceState): MyChannel[] =>
  open(state)
    .filter(({ channel }) => channel.kind === 'direct')
    .sort((a, b) => collator.compare(titleOf(state, a.channel), titleOf(state, b.channel)));

export const totalUnread = (state: WorkspaceState): number =>
  open(state).reduce((sum, my) => sum + unreadIn(my), 0);

export const peopleOf = (state: WorkspaceState): Member[] =>
  Object.values(state.people).sort((a, b) => collator.compare(a.user.name, b.user.name));

/** Where one lands on opening the workspace: general, otherwise the first. */
export const homeChannel = (state: WorkspaceState): MyChannel | undefined =>
  roomsOf(state).find(({ channel }) => channel.name === 'general') ??
  roomsOf(state)[0] ??
  directsOf(state)[0];

/** What ↑ in an empty composer edits. */
export const lastOwnMessage = (state: WorkspaceState, channelId: string): Message | undefined =>
  visibleRows(state.timelines[channelId]).findLast(
    (message) => message.senderId === state.me?.id && message.deletedAt === null,
  );

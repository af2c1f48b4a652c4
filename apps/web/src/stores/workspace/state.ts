import type { OutboxMessage } from '#client';
import type {
  ChannelPreferences,
  Me,
  Member,
  Message,
  MyChannel,
  MyWorkspace,
  ParleyEvent,
  Sidebar,
} from '#contracts';

export type Timeline = {
  /** Ascending by `seq`, each seq once. */
  rows: readonly Message[];
  /** Rows from this seq on are history without a start missing; null until the first page came. */
  from: number | null;
  /** `from` is where the channel's history begins: there is nothing older. */
  complete: boolean;
  /** Requests in flight. While there are any, every event's row is kept: the reply may be older than it. */
  fetching: number;
};

/** Everything known of one workspace. Never mutated: each step returns a new state. */
export type WorkspaceState = {
  me: Me | null;
  workspace: MyWorkspace | null;
  /** Channels I am a member of, by id. */
  channels: Readonly<Record<string, MyChannel>>;
  sidebar: Sidebar;
  people: Readonly<Record<string, Member>>;
  timelines: Readonly<Record<string, Timeline>>;
  /** Messages of ours that the server has not acknowledged yet, in the order they were written. */
  pending: readonly OutboxMessage[];
  /** Ids of the latest events, so that a redelivered one is not applied twice. */
  seen: readonly string[];
  /** Events since a snapshot was asked for, to be replayed on it; null when none is awaited. */
  journal: readonly ParleyEvent[] | null;
  /** I was removed from the workspace. */
  expelled: boolean;
};

export const emptyState: WorkspaceState = {
  me: null,
  workspace: null,
  channels: {},
  sidebar: { sections: [], version: 0 },
  people: {},
  timelines: {},
  pending: [],
  seen: [],
  journal: null,
  expelled: false,
};

/** Of a channel just entered: the server keeps none either. */
export const noPreferences: ChannelPreferences = {
  muted: false,
  favourite: false,
  level: 'default',
  hiddenSince: null,
  version: 0,
};

export const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  key in record ? Object.fromEntries(Object.entries(record).filter(([id]) => id !== key)) : record;

import type { EventType } from './events/parley-event.js';

export const EVENTS_STREAM = 'EVENTS';
export const EVENTS_SUBJECTS = 'evt.v1.>';

/**
 * Who may see an event: the members of a channel, one user's devices, everyone in the workspace, its full
 * members (no guests), or its admins and owners. The id of the last three is the workspace's.
 */
export const eventScopes = ['channel', 'user', 'workspace', 'members', 'admins'] as const;
export type EventScope = (typeof eventScopes)[number];
export type EventAddress = {
  partition: number;
  /** A workspace id, or `_` for account events. */
  workspace: string;
  scope: EventScope;
  id: string;
  type: EventType;
};

/** `evt.v1.<partition>.<workspace>.<scope>.<id>.<type>` */
export const eventSubject = (a: EventAddress): string =>
  `evt.v1.${a.partition}.${a.workspace}.${a.scope}.${a.id}.${a.type}`;

const isScope = (scope: string | undefined): scope is EventScope => eventScopes.includes(scope as EventScope);

/** Inverse of `eventSubject`; null for anything else. */
export const parseEventSubject = (subject: string): EventAddress | null => {
  const parts = subject.split('.');
  const [evt, version, partition, workspace, scope, id, ...type] = parts;
  if (evt !== 'evt' || version !== 'v1' || !workspace || !id || type.length === 0) return null;
  if (!isScope(scope)) return null;
  return { partition: Number(partition), workspace, scope, id, type: type.join('.') as EventType };
};

/** What happens on core NATS besides the durable stream: true for a moment, never stored. */
export type EphemeralTopic = 'typing' | 'presence' | 'watches';

/** `rt.v1.<workspace>.<topic>`; `_` instead of a workspace for what belongs to accounts, `*` to hear all. */
export const ephemeralSubject = (workspace: string, topic: EphemeralTopic): string =>
  `rt.v1.${workspace}.${topic}`;

/** FNV-1a (32 bit) of the workspace id: a workspace always lives in one ordered partition. */
export const partitionOf = (workspace: string, partitions: number): number => {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < workspace.length; i++) hash = Math.imul(hash ^ workspace.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
};

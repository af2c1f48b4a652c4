import type { OutboxMessage } from '#client';
import type { WorkspaceState } from './state.js';
import { visibleRows } from './timeline.js';

/** Mirrors the outbox: what was written here and is not confirmed yet. */
export const applyOutbox = (state: WorkspaceState, messages: readonly OutboxMessage[]): WorkspaceState => ({
  ...state,
  pending: messages,
});

/**
 * Unsent messages of a channel. The stream may confirm one before the reply to its request does, so those
 * already among the messages are left out.
 */
export const pendingOf = (state: WorkspaceState, channelId: string): readonly OutboxMessage[] => {
  const here = state.pending.filter((message) => message.channelId === channelId);
  if (here.length === 0) return here;
  const mine = visibleRows(state.timelines[channelId]).filter(({ senderId }) => senderId === state.me?.id);
  const confirmed = new Set<string>(mine.map(({ clientMessageId }) => clientMessageId));
  return here.filter(({ clientMessageId }) => !confirmed.has(clientMessageId));
};

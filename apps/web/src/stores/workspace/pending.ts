import type { ProblemCode } from '#contracts';
import type { PendingMessage, WorkspaceState } from './state.js';

/** Shows a message at once. One that the server already confirmed must not come back. */
export const addPending = (
  state: WorkspaceState,
  message: Pick<PendingMessage, 'clientMessageId' | 'channelId' | 'text' | 'createdAt'>,
): WorkspaceState => ({
  ...state,
  pending: [
    ...state.pending.filter(({ clientMessageId }) => clientMessageId !== message.clientMessageId),
    { ...message, status: 'sending', code: null },
  ],
});

const patch = (
  state: WorkspaceState,
  clientMessageId: string,
  change: Partial<PendingMessage>,
): WorkspaceState => ({
  ...state,
  pending: state.pending.map((message) =>
    message.clientMessageId === clientMessageId ? { ...message, ...change } : message,
  ),
});

export const failPending = (state: WorkspaceState, clientMessageId: string, code: ProblemCode | null) =>
  patch(state, clientMessageId, { status: 'failed', code });

export const retryPending = (state: WorkspaceState, clientMessageId: string) =>
  patch(state, clientMessageId, { status: 'sending', code: null });

export const dropPending = (state: WorkspaceState, clientMessageId: string): WorkspaceState => ({
  ...state,
  pending: state.pending.filter((message) => message.clientMessageId !== clientMessageId),
});

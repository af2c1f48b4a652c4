import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowRef } from 'vue';
import type {
  ChannelId,
  CreateChannel,
  MessageId,
  ParleyEvent,
  ProblemCode,
  UserId,
  WorkspaceId,
} from '#contracts';
import { api, problemCodeOf } from '../api.js';
import { apply, leaveChannel, putMessage } from './workspace/apply.js';
import type { Cell } from './workspace/cell.js';
import { createHistory } from './workspace/history.js';
import { createLive } from './workspace/live.js';
import { createMarking } from './workspace/marking.js';
import { createSending } from './workspace/sending.js';
import { applyChannel } from './workspace/snapshot.js';
import { emptyState } from './workspace/state.js';

/** The open workspace: one state, changed by pure steps only, fed by the stream and by replies. */
export const useWorkspace = defineStore('workspace', () => {
  const state = shallowRef(emptyState);
  const cell: Cell = { state, update: (step) => (state.value = step(state.value)) };

  const id = ref<WorkspaceId | null>(null);
  const phase = ref<'loading' | 'ready' | 'failed'>('loading');
  const problem = ref<ProblemCode | null>(null);
  const openChannelId = ref<ChannelId | null>(null);
  /** The message being edited, and the one a search result led to. */
  const editing = ref<MessageId | null>(null);
  const highlighted = ref<MessageId | null>(null);
  const drafts = reactive<Record<string, string>>({});
  const listeners = new Set<(event: ParleyEvent) => void>();

  const history = createHistory(cell, api);
  const sending = createSending(cell, api);
  const marking = createMarking(cell, api);
  const live = createLive(cell, api, {
    onEvent: (event) => {
      cell.update((current) => apply(current, event));
      history.watchGaps(openChannelId.value);
      for (const listener of listeners) listener(event);
    },
    onResynced: async () => {
      if (openChannelId.value !== null) await history.refresh(openChannelId.value);
    },
    onLive: () => void marking.flush(),
    keepTimeline: () => openChannelId.value,
  });

  const close = (): void => {
    live.close();
    history.stop();
    sending.close();
    marking.forget();
    state.value = emptyState;
    id.value = null;
    openChannelId.value = editing.value = highlighted.value = null;
    for (const key of Object.keys(drafts)) delete drafts[key];
  };

  const open = async (workspaceId: WorkspaceId): Promise<void> => {
    if (id.value === workspaceId && phase.value !== 'failed') return;
    close();
    id.value = workspaceId;
    phase.value = 'loading';
    try {
      await live.open(workspaceId);
      if (id.value !== workspaceId) return;
      if (state.value.me) sending.open(state.value.me.id);
      phase.value = 'ready';
    } catch (cause) {
      problem.value = problemCodeOf(cause);
      phase.value = 'failed';
    }
  };

  const openChannel = async (channelId: ChannelId): Promise<void> => {
    openChannelId.value = channelId;
    await history.open(channelId);
  };

  /** Loads history until a message is there, then points at it. */
  const reveal = async (channelId: ChannelId, messageId: MessageId, seq: number): Promise<void> => {
    highlighted.value = null;
    await openChannel(channelId);
    await history.reach(channelId, seq);
    highlighted.value = messageId;
  };

  const here = () => ({ path: { workspaceId: id.value as WorkspaceId } });
  const entered = <T extends Parameters<typeof applyChannel>[1]>(my: T): T => {
    cell.update((current) => applyChannel(current, my));
    return my;
  };

  return {
    state,
    id,
    phase,
    problem,
    editing,
    highlighted,
    drafts,
    connection: live.connection,
    isAdmin: computed(() => ['owner', 'admin'].includes(state.value.workspace?.role ?? '')),
    open,
    close,
    openChannel,
    reveal,
    markRead: marking.markRead,
    loadOlder: history.loadOlder,
    send: sending.send,
    retry: sending.retry,
    discard: sending.discard,
    edit: async (messageId: MessageId, text: string) => {
      const message = await api.editMessage({ path: { messageId }, body: { text } });
      cell.update((current) => putMessage(current, message));
    },
    /** The event tells the rest. */
    erase: async (messageId: MessageId) => {
      await api.deleteMessage({ path: { messageId } });
    },
    createChannel: async (body: CreateChannel) => entered(await api.createChannel({ ...here(), body })),
    openDirect: async (userIds: UserId[]) => entered(await api.openDirect({ ...here(), body: { userIds } })),
    joinChannel: async (channelId: ChannelId) => entered(await api.joinChannel({ path: { channelId } })),
    leaveChannel: async (channelId: ChannelId) => {
      const userId = state.value.me?.id;
      if (userId === undefined) return;
      await api.removeChannelMember({ path: { channelId, userId } });
      cell.update((current) => leaveChannel(current, channelId));
    },
    onEvent: (listener: (event: ParleyEvent) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
});

import { computed, onScopeDispose, ref, watch, type Ref } from 'vue';
import { unreadIn, type ChannelId } from '#contracts';
import { useWorkspace } from '../stores/workspace.js';
import { useAttention } from './use-attention.js';

const SETTLE_MS = 350;

/**
 * Reading the open channel: its cursor moves once its end has been in view of an attentive reader for a
 * moment. `newAfter` is where the "new" line stands: it appears with what came unseen and stays until the
 * channel is opened again or one writes.
 */
export const useReading = (channelId: ChannelId, atEnd: Ref<boolean>, loaded: Ref<boolean>) => {
  const workspace = useWorkspace();
  const attentive = useAttention();
  const my = computed(() => workspace.state.channels[channelId]);
  const unread = computed(() => (my.value ? unreadIn(my.value) : 0));
  const reading = computed(() => attentive.value && atEnd.value && loaded.value);
  const newAfter = ref<number | null>(unread.value > 0 ? (my.value?.lastReadSeq ?? null) : null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(unread, (now, before) => {
    if (before === 0 && now > 0 && !reading.value) newAfter.value = my.value?.lastReadSeq ?? null;
  });

  watch(
    () => reading.value && my.value?.channel.lastSeq,
    () => {
      clearTimeout(timer);
      if (reading.value && unread.value > 0)
        timer = setTimeout(() => workspace.markRead(channelId), SETTLE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));

  return { newAfter, unread };
};

import { onScopeDispose, ref, watch } from 'vue';
import type { ChannelId, ChannelMember } from '#contracts';
import { api } from '../api.js';
import { useWorkspace } from '../stores/workspace.js';

const MOST_PAGES = 5;

/** The members of the open channel, fetched again whenever someone joins or leaves it. */
export const useRoster = (channelId: () => ChannelId) => {
  const workspace = useWorkspace();
  const members = ref<ChannelMember[] | null>(null);
  let latest = 0;

  const load = async (id: ChannelId): Promise<void> => {
    const turn = ++latest;
    const all: ChannelMember[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
      const reply = await api.listChannelMembers({
        path: { channelId: id },
        query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) },
      });
      all.push(...reply.data);
      cursor = reply.nextCursor;
    }
    // Another channel was opened, or someone else joined, while this was on its way.
    if (turn === latest) members.value = all;
  };
  // The count is a courtesy: without it the header is merely shorter.
  const reload = (id: ChannelId) => void load(id).catch(() => undefined);

  watch(
    channelId,
    (id) => {
      members.value = null;
      reload(id);
    },
    { immediate: true },
  );
  onScopeDispose(
    workspace.onEvent((event) => {
      const concerns = event.type === 'member.joined' || event.type === 'member.left';
      if (concerns && event.channelId === channelId()) reload(channelId());
    }),
  );
  return members;
};

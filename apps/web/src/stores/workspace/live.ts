import { ref } from 'vue';
import type { ParleyEvent, WorkspaceId } from '#contracts';
import { EventStream, type Api, type ConnectionState } from '#client';
import type { Cell } from './cell.js';
import { forgetTimelines } from './pages.js';
import { applyBootstrap, applyMembers, beginSnapshot } from './snapshot.js';

export type Connection = 'live' | 'reconnecting' | 'offline';

type LiveHooks = {
  onEvent: (event: ParleyEvent) => void;
  /** The snapshot was replaced after events were lost. */
  onResynced: () => Promise<void>;
  /** The stream is connected, for the first time or again. */
  onLive: () => void;
  /** The channel whose history is refetched instead of forgotten. */
  keepTimeline: () => string | null;
};

const MOST_MEMBER_PAGES = 25;

const connectionOf = ({ status }: ConnectionState): Connection => {
  if (status === 'live') return 'live';
  return status === 'offline' || status === 'closed' ? 'offline' : 'reconnecting';
};

/** The snapshot and the stream that continues it. */
export const createLive = ({ update }: Cell, api: Api, hooks: LiveHooks) => {
  const connection = ref<Connection>('reconnecting');
  let stream: EventStream | null = null;
  let turn = 0;

  const loadMembers = async (workspaceId: WorkspaceId, first: string | null, mine: number) => {
    let cursor = first;
    for (let page = 0; page < MOST_MEMBER_PAGES && cursor !== null && mine === turn; page++) {
      const reply = await api.listMembers({ path: { workspaceId }, query: { cursor, limit: 200 } });
      if (mine === turn) update((state) => applyMembers(state, reply.data));
      cursor = reply.nextCursor;
    }
  };

  /** Null when another snapshot was asked for meanwhile. */
  const snapshot = async (workspaceId: WorkspaceId) => {
    const mine = ++turn;
    update(beginSnapshot);
    const bootstrap = await api.bootstrap({ path: { workspaceId } });
    if (mine !== turn) return null;
    update((state) => applyBootstrap(state, bootstrap));
    // Names that are still missing are a blemish, not a failure.
    void loadMembers(workspaceId, bootstrap.membersNextCursor, mine).catch(() => undefined);
    return bootstrap;
  };

  const resync = async (workspaceId: WorkspaceId): Promise<void> => {
    update((state) => forgetTimelines(state, hooks.keepTimeline()));
    await snapshot(workspaceId);
    await hooks.onResynced();
  };

  const open = async (workspaceId: WorkspaceId): Promise<void> => {
    const bootstrap = await snapshot(workspaceId);
    if (!bootstrap) return;
    stream = new EventStream({
      api,
      url: bootstrap.eventsUrl,
      cursor: bootstrap.cursor,
      onEvent: hooks.onEvent,
      onState: (next) => {
        connection.value = connectionOf(next);
        if (next.status === 'live') hooks.onLive();
      },
      onResync: () => resync(workspaceId),
    });
    stream.start();
  };

  const close = (): void => {
    turn++;
    stream?.close();
    stream = null;
    connection.value = 'reconnecting';
  };

  return { connection, open, close };
};

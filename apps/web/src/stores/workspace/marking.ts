import type { Api } from '#client';
import type { ChannelId } from '#contracts';
import type { Cell } from './cell.js';
import { applyAllRead } from './snapshot.js';

/** Moves read cursors: here at once, and on the server as soon as it can be reached. */
export const createMarking = ({ state, update }: Cell, api: Pick<Api, 'moveReadCursor'>) => {
  const unsaved = new Map<ChannelId, number>();

  const save = async (channelId: ChannelId, seq: number): Promise<void> => {
    try {
      await api.moveReadCursor({ path: { channelId }, body: { seq } });
      if (unsaved.get(channelId) === seq) unsaved.delete(channelId);
    } catch {
      // Kept for `flush`. A cursor never moves back, so repeating an old one does no harm.
    }
  };

  const markRead = async (channelId: ChannelId): Promise<void> => {
    const seq = state.value.channels[channelId]?.channel.lastSeq;
    if (seq === undefined) return;
    update((current) => applyAllRead(current, channelId));
    unsaved.set(channelId, seq);
    await save(channelId, seq);
  };

  /** Call when the connection is back. */
  const flush = async (): Promise<void> => {
    const known = [...unsaved].filter(([channelId]) => channelId in state.value.channels);
    await Promise.all(known.map(([channelId, seq]) => save(channelId, seq)));
  };

  return { markRead, flush, forget: () => unsaved.clear() };
};

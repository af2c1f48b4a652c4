import type { ChannelId, ClientMessageId } from '#contracts';
import { localStorageAdapter, Outbox, type Api } from '#client';
import { putMessage } from './apply.js';
import type { Cell } from './cell.js';
import { applyOutbox } from './pending.js';

/** Writing: shown at once, kept across reloads, sent in order, retried until the server has decided. */
export const createSending = ({ update }: Cell, api: Pick<Api, 'sendMessage'>) => {
  let outbox: Outbox | null = null;

  const close = (): void => {
    outbox?.close();
    outbox = null;
  };

  const open = (ownerId: string): void => {
    close();
    outbox = new Outbox({
      api,
      storage: localStorageAdapter(ownerId),
      onChange: (messages) => update((state) => applyOutbox(state, messages)),
      onSent: (message) => update((state) => putMessage(state, message)),
    });
    const { messages } = outbox;
    update((state) => applyOutbox(state, messages));
  };

  return {
    open,
    close,
    send: (channelId: ChannelId, text: string) => void outbox?.send(channelId, text),
    retry: (id: ClientMessageId) => outbox?.retry(id),
    discard: (id: ClientMessageId) => outbox?.discard(id),
  };
};

import type { ChannelId, ClientMessageId } from '#contracts';
import { browserLock } from './lock.js';

/** What survives a reload. */
export type StoredMessage = {
  clientMessageId: ClientMessageId;
  channelId: ChannelId;
  text: string;
  /** RFC 3339, when it was written. */
  createdAt: string;
  /** Why the server refused it; null while it is to be sent. */
  failure: string | null;
  /** Order among the messages of one outbox. */
  position: number;
};

/**
 * One entry per message, so that two tabs (or processes) that share a storage don't overwrite each other's.
 */
export type OutboxStorage = {
  load(): StoredMessage[];
  put(message: StoredMessage): void;
  remove(clientMessageId: ClientMessageId): void;
  /** False when another one has sent or discarded the message meanwhile. */
  has(clientMessageId: ClientMessageId): boolean;
  /**
   * Runs `task` while nobody else sends to this channel from the same storage. It saves requests, and keeps
   * the order of what several have loaded; should it fail, the server still knows a message by its id.
   */
  exclusively<T>(channelId: ChannelId, task: () => Promise<T>): Promise<T>;
};

/** One task of a channel after the other. */
const taskLine = (): OutboxStorage['exclusively'] => {
  const last = new Map<ChannelId, Promise<unknown>>();
  return (channelId, task) => {
    const mine = (last.get(channelId) ?? Promise.resolve()).then(task);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    last.set(channelId, settled);
    void settled.then(() => last.get(channelId) === settled && last.delete(channelId));
    return mine;
  };
};

export const memoryStorage = (): OutboxStorage => {
  const messages = new Map<ClientMessageId, StoredMessage>();
  return {
    load: () => [...messages.values()],
    put: (message) => void messages.set(message.clientMessageId, message),
    remove: (id) => void messages.delete(id),
    has: (id) => messages.has(id),
    exclusively: taskLine(),
  };
};

/** The part of the Web Storage API this needs. */
export type WebStorage = {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

const isStored = (value: unknown): value is StoredMessage => {
  const message = value as Partial<StoredMessage> | null;
  return (
    typeof message?.clientMessageId === 'string' &&
    typeof message.channelId === 'string' &&
    typeof message.text === 'string' &&
    typeof message.createdAt === 'string' &&
    typeof message.position === 'number'
  );
};

/** Null for what is no message of an outbox. */
export const readStored = (json: string | null): StoredMessage | null => {
  try {
    const value: unknown = JSON.parse(json ?? 'null');
    return isStored(value) ? { ...value, failure: value.failure ?? null } : null;
  } catch {
    return null;
  }
};

/**
 * Keeps messages in `localStorage` under `parley.outbox.<owner>.`. `owner` is the user's id: what one person
 * wrote must not leave under the name of the next one at the same browser. A full or forbidden storage
 * costs the survival of a reload, not the message.
 */
export const localStorageAdapter = (owner: string, storage?: WebStorage): OutboxStorage => {
  const prefix = `parley.outbox.${owner}.`;
  const attempt = <T>(use: (storage: WebStorage) => T): T | undefined => {
    try {
      // Reading the property alone throws where storage is forbidden.
      const target = storage ?? (globalThis as { localStorage?: WebStorage }).localStorage;
      return target && use(target);
    } catch {
      return undefined;
    }
  };
  // What could not be stored is known here alone.
  const unkept = new Set<ClientMessageId>();
  const keys = (of: WebStorage) => Array.from({ length: of.length }, (_, i) => of.key(i) ?? '');
  return {
    load: () =>
      attempt((of) =>
        keys(of)
          .filter((key) => key.startsWith(prefix))
          .map((key) => readStored(of.getItem(key)))
          .filter((message) => message !== null)
          .sort((a, b) => a.position - b.position),
      ) ?? [],
    put: (message) => {
      const { clientMessageId: id } = message;
      const kept = attempt((of) => (of.setItem(prefix + id, JSON.stringify(message)), true));
      if (kept) unkept.delete(id);
      else unkept.add(id);
    },
    remove: (id) => {
      unkept.delete(id);
      attempt((of) => of.removeItem(prefix + id));
    },
    has: (id) => unkept.has(id) || (attempt((of) => of.getItem(prefix + id) !== null) ?? true),
    exclusively: (channelId, task) => browserLock(`${prefix}${channelId}`)(task),
  };
};

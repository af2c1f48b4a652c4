import type { EphemeralEvent, ParleyEvent, StreamCursor } from '#contracts';
import { ephemeralTypes, eventTypes } from './operation-routes.js';
import type { SseFrame } from './sse-parser.js';

/** What a frame means to this client; null for what it doesn't know, which newer servers may send. */
export type StreamFrame =
  | { kind: 'ready'; cursor: StreamCursor }
  | { kind: 'resync'; cursor: StreamCursor }
  | { kind: 'event'; event: ParleyEvent }
  | { kind: 'ephemeral'; event: EphemeralEvent };

const known: ReadonlySet<string> = new Set(eventTypes);
const ephemeral: ReadonlySet<string> = new Set(ephemeralTypes);

const parsed = (json: string): { id?: unknown; type?: unknown; data?: unknown } | null => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
};

const cursorIn = (data: unknown): StreamCursor | null =>
  typeof data === 'object' && data !== null && 'cursor' in data && typeof data.cursor === 'string'
    ? data.cursor
    : null;

/** Tolerant: the server validates what it publishes, so only what decides the path is looked at. */
export const readFrame = ({ id, event, data }: SseFrame): StreamFrame | null => {
  const body = parsed(data);
  if (!body) return null;
  if (event === 'stream.ready' || event === 'stream.resync') {
    const cursor = cursorIn(body.data) ?? id;
    return { kind: event === 'stream.ready' ? 'ready' : 'resync', cursor };
  }
  if (body.type === event && ephemeral.has(event) && typeof body.data === 'object' && body.data !== null)
    return { kind: 'ephemeral', event: body as EphemeralEvent };
  if (body.type !== event || !known.has(event) || typeof body.id !== 'string') return null;
  return { kind: 'event', event: body as ParleyEvent };
};

/** Remembers the last `limit` ids. */
export const recentIds = (limit = 2048) => {
  const ids = new Set<string>();
  return {
    /** False when `id` was added before. */
    add: (id: string): boolean => {
      if (ids.has(id)) return false;
      ids.add(id);
      // A Set iterates in insertion order: the first is the oldest.
      if (ids.size > limit) for (const oldest of ids) return ids.delete(oldest);
      return true;
    },
  };
};

import type { Audience } from './audience.js';
import type { Heartbeat } from './heartbeat.js';

/** Where the bytes of a stream go: its own socket, or a link to the process that holds it. */
export interface Outlet {
  /** Whoever has much to write had better wait for `drained` first. */
  readonly congested: boolean;
  /** What `drained` paces: a replay waits for its client. */
  write(bytes: Buffer, frames: number): void;
  /** What can't wait: a client that is too far behind is dropped. */
  send(bytes: Buffer, frames: number): void;
  /** From here on it hears what the audience hears. Once per audience. */
  enter(audience: Audience): void;
  /** The opposite, exactly once for each `enter`. */
  leave(audience: Audience): void;
  /** Resolves when the client has taken what was written, or is gone; drops it when it stalls. */
  drained(stallMs: number): Promise<void>;
  /** Ends the stream after what was written, with last words. */
  end(reason: string, words?: string): void;
  drop(reason: string): void;
  /** Between the two, small writes gather. */
  cork(): void;
  uncork(): void;
}

/** What all streams of a process share, so that each holds one pointer to it and one to what it is to its owner. */
export type Shared<Key> = {
  readonly maxBacklogBytes: number;
  readonly heartbeat: Heartbeat;
  delivered(frames: number): void;
  /** Told once, before anything else is done about it. */
  closed(key: Key, reason: string): void;
};

/** The comment that tells whoever reads along why a stream ends. */
export const lastWords = (reason: string): string => `: ${reason}\n\n`;

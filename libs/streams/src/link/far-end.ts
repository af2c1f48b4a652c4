import type { Audience } from '../audience.js';
import type { Line } from './line.js';

/** A stream that waits for its client. */
export interface Paced {
  /** The client has taken everything. */
  synced(): void;
  finish(reason: string): boolean;
}

/** What a link is to those of its streams that are fed here. */
export interface FarEnd {
  readonly line: Line;
  readonly remoteAddress: string | undefined;
  opened(id: number, stream: Paced): void;
  /** With the HTTP reply; empty when the server had none. */
  refused(id: number, reply: Buffer): void;
  forget(id: number): void;
  enter(audience: Audience, id: number): void;
  leave(audience: Audience, id: number): void;
}

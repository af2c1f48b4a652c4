import type { ParleyEvent, StreamCursor } from '#contracts';
import type { Api } from './api.js';
import type { ConnectionState } from './connection-state.js';
import type { Clock, Connectivity } from './environment.js';

export type EventStreamOptions = {
  api: Pick<Api, 'send' | 'urlOf'>;
  /** `eventsUrl` of the bootstrap. */
  url: string;
  /** `cursor` of the bootstrap; null makes the first `stream.ready` a resync. */
  cursor: StreamCursor | null;
  /** Each event once. `cursor` is the position just after it. */
  onEvent: (event: ParleyEvent, cursor: StreamCursor) => void;
  onState?: (state: ConnectionState) => void;
  /** Events were missed: fetch the state again. Called again, with backoff, while it rejects. */
  onResync: () => void | Promise<void>;
  clock?: Clock;
  connectivity?: Connectivity;
  /** In [0, 1). */
  random?: () => number;
};

export declare class EventStream {
  constructor(options: EventStreamOptions);
  get state(): ConnectionState;
  get cursor(): StreamCursor | null;
  /** Idempotent; a closed stream stays closed. */
  start(): void;
  /** Skips the wait, for a "Retry now" button. */
  retryNow(): void;
  close(): void;
}

import type { Outlet } from '#streams';
import type { Filter } from './filter.js';

/** A stream as the routing table knows it. */
export interface Stream {
  readonly outlet: Pick<Outlet, 'enter' | 'leave'>;
  readonly sessionId: string;
  readonly filter: Filter | null;
  /** In its route's audiences; false while it waits or is being replayed. */
  live: boolean;
  end(reason: string): void;
}

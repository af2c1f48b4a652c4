import type { Socket } from 'node:net';
import type { DeviceId, EphemeralType } from '#contracts';
import { lastWords, outletOf, type FarSocket, type Outlet, type Shared } from '#streams';
import type { Entry } from './entry.js';
import type { Filter } from './filter.js';
import type { Route } from './route.js';
import type { Stream } from './stream.js';

/** `deviceId`: of the client instance, when it has said so. */
type Wishes = { filter: Filter | null; deviceId: DeviceId | null };

/** One open stream, whether its socket is here or at the far end of a link. There may be many thousands. */
export class OpenStream implements Stream {
  live = false;
  /** Where it stands in the event stream; kept up to date only while it is not live. */
  position = 0;
  /** Grows when what the stream was doing has become void. */
  phase = 0;
  readonly outlet: Outlet;
  readonly filter: Filter | null;
  readonly deviceId: DeviceId | null;

  constructor(
    readonly route: Route,
    readonly sessionId: string,
    { filter, deviceId }: Wishes,
    socket: Socket | FarSocket,
    shared: Shared<OpenStream>,
  ) {
    this.filter = filter;
    this.deviceId = deviceId;
    this.outlet = outletOf<OpenStream>(socket, this, shared);
  }

  /** Whether an event that lies before the present is for this stream. */
  wants(entry: Entry): boolean {
    return this.route.sees(entry) && (this.filter?.passes(entry) ?? true);
  }

  /** Sends what has no place in the order of events, to this stream alone, if it wants that type. */
  tell(type: EphemeralType, frame: Buffer): void {
    if (!(this.filter?.wants(type) ?? true)) return;
    if (this.live) this.outlet.send(frame, 1);
    // A replay waits for its client instead of dropping it.
    else this.outlet.write(frame, 1);
  }

  /** Ends it after what was written, with last words that say why, and when to come back. */
  end(reason: string, retryMs?: number): void {
    this.outlet.end(reason, retryMs === undefined ? undefined : `retry: ${retryMs}\n${lastWords(reason)}`);
  }
}

import { Audience, type Subscriber } from './audience.js';
import type { Change, Entry } from './entry.js';

export interface Stream extends Subscriber {
  readonly sessionId: string;
  /** In its route's audiences; false while it waits or is being replayed. */
  live: boolean;
  end(reason: string): void;
}

/** What happens to the streams of one user in one workspace. */
export class Route {
  /** `joining` until chat has told the memberships; changes seen meanwhile are kept in `changes`. */
  state: 'joining' | 'live' = 'joining';
  changes: Change[] = [];
  readonly self: Audience;
  readonly channels = new Set<Audience>();
  readonly streams = new Set<Stream>();
  /** Requests that will become streams of this route. */
  waiting = 0;
  /** Settles with the joining. */
  ready: Promise<void> | null = null;
  /** Grows when an answer that is under way must not be used. */
  voided = 0;
  /** The user left the workspace; a new route is needed to come back. */
  expelled = false;

  constructor(
    readonly workspace: Workspace,
    readonly userId: string,
  ) {
    this.self = new Audience(userId);
  }

  /**
   * Whether an event may be replayed to this user: by what the user may read now. People are told of their
   * own leaving although they have left.
   */
  sees(entry: Entry): boolean {
    if (entry.scope === 'user')
      return entry.id === this.userId && (entry.workspace === this.workspace.id || entry.workspace === '_');
    if (entry.workspace !== this.workspace.id) return false;
    if (entry.scope === 'workspace') return true;
    const channel = this.workspace.channels.get(entry.id);
    if (channel && this.channels.has(channel)) return true;
    return entry.change?.kind === 'leave' && entry.change.userIds.includes(this.userId);
  }
}

/** The part of the routing table that belongs to one workspace. */
export class Workspace {
  readonly everyone: Audience;
  readonly channels = new Map<string, Audience>();
  readonly routes = new Map<string, Route>();

  constructor(readonly id: string) {
    this.everyone = new Audience(id);
  }
}

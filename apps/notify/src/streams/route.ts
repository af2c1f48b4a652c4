import type { EventScope, WorkspaceRole } from '#contracts';
import { Audience } from './audience.js';
import type { Change, Entry } from './entry.js';
import type { Stream } from './stream.js';

/** What happens to the streams of one user in one workspace. */
export class Route {
  /** `joining` until chat has told the memberships; changes seen meanwhile are kept in `changes`. */
  state: 'joining' | 'live' = 'joining';
  changes: Change[] = [];
  /** What `sees` and the audiences are judged by; set before the route is live. */
  role: WorkspaceRole = 'single_channel_guest';
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
    const wide = this.workspace.audience(entry.scope);
    if (wide) return this.wide().includes(wide);
    const channel = this.workspace.channels.get(entry.id);
    if (channel && this.channels.has(channel)) return true;
    return entry.change?.kind === 'leave' && entry.change.userIds.includes(this.userId);
  }

  /** The audiences of the whole workspace that this user's role belongs to. */
  wide(): readonly Audience[] {
    const { everyone, members, admins } = this.workspace;
    switch (this.role) {
      case 'owner':
      case 'admin':
        return [everyone, members, admins];
      case 'member':
      case 'bot':
        return [everyone, members];
      case 'guest':
      case 'single_channel_guest':
        return [everyone];
    }
  }
}

/** The part of the routing table that belongs to one workspace. */
export class Workspace {
  readonly everyone: Audience;
  /** Everyone but guests. */
  readonly members: Audience;
  readonly admins: Audience;
  readonly channels = new Map<string, Audience>();
  readonly routes = new Map<string, Route>();

  constructor(readonly id: string) {
    this.everyone = new Audience(id);
    this.members = new Audience(id);
    this.admins = new Audience(id);
  }
  /** Whom an event of this scope is for, when that is decided by role alone. */
  audience(scope: EventScope): Audience | null {
    switch (scope) {
      case 'workspace':
        return this.everyone;
      case 'members':
        return this.members;
      case 'admins':
        return this.admins;
      case 'channel':
      case 'user':
        return null;
    }
  }
}

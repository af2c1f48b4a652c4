import type { EphemeralEvent, Membership, WorkspaceRole } from '#contracts';
import { Fanout } from '#streams';
import { Audience } from './audience.js';
import type { Change, Entry } from './entry.js';
import { Route, Workspace } from './route.js';
import type { Stream } from './stream.js';

/**
 * Who hears what: workspace → users → streams, channel → streams. Filled from chat's answer when a user's
 * first stream opens, then kept by the membership events of the feed. A route is registered before chat
 * is asked, so a change that passes the feed meanwhile is applied on top of the answer and never lost.
 */
export class Router {
  private readonly workspaces = new Map<string, Workspace>();
  private readonly users = new Map<string, Set<Route>>();

  constructor(readonly fanout: Fanout = new Fanout()) {}

  /** The route of a user in a workspace; a new one is `joining`. */
  route(workspaceId: string, userId: string): Route {
    let workspace = this.workspaces.get(workspaceId);
    if (!workspace) this.workspaces.set(workspaceId, (workspace = new Workspace(workspaceId)));
    let route = workspace.routes.get(userId);
    if (!route) {
      workspace.routes.set(userId, (route = new Route(workspace, userId)));
      const routes = this.users.get(userId);
      if (routes) routes.add(route);
      else this.users.set(userId, new Set([route]));
    }
    return route;
  }

  *routes(): Iterable<Route> {
    for (const workspace of this.workspaces.values()) yield* workspace.routes.values();
  }

  /** Takes chat's answer, and on top of it what the feed said since the question. */
  settle(route: Route, { role, channelIds }: Membership): void {
    route.role = role;
    for (const channelId of channelIds) this.join(route, channelId);
    for (const { kind, channelId } of route.changes) {
      if (channelId === null) continue;
      if (kind === 'join') this.join(route, channelId);
      else this.leave(route, channelId);
    }
    route.changes = [];
    route.state = 'live';
  }

  /** Voids what a route knows: its streams hear nothing until it is settled and they are attached again. */
  unsettle(route: Route): void {
    this.fanout.flush();
    route.voided++;
    for (const stream of route.streams) this.mute(route, stream);
    for (const channel of [...route.channels]) this.leave(route, channel.id);
    route.state = 'joining';
  }

  /** From the next event on the stream is live. */
  attach(route: Route, stream: Stream): void {
    this.fanout.flush();
    stream.live = true;
    route.self.add(stream);
    for (const audience of route.wide()) audience.add(stream);
    for (const channel of route.channels) hear(channel, stream);
  }

  detach(route: Route, stream: Stream): void {
    route.streams.delete(stream);
    this.mute(route, stream);
    this.release(route);
  }

  /** Forgets a route that has no stream and expects none. */
  release(route: Route): void {
    if (route.streams.size === 0 && route.waiting === 0) this.forget(route);
  }

  /** Takes the next event of the feed: joiners hear of their joining, leavers last of their leaving. */
  accept(entry: Entry): void {
    const workspace = this.workspaces.get(entry.workspace);
    const { change } = entry;
    if (workspace && change?.channelId)
      for (const route of this.affected(workspace, change)) this.join(route, change.channelId);
    this.deliver(workspace, entry);
    if (!workspace || !change || change.kind === 'join') return;
    for (const route of this.affected(workspace, change)) {
      if (change.kind === 'role') this.rejudge(route, change.role);
      else if (change.channelId !== null) this.leave(route, change.channelId);
      else this.expel(route);
    }
  }

  /** Whether anyone's stream is in the audience of a channel. */
  hears(workspaceId: string, channelId: string): boolean {
    return this.workspaces.get(workspaceId)?.channels.get(channelId)?.heard ?? false;
  }

  /** Sends a frame that has no place in the stream to the members of a channel, but not to `except`. */
  tellChannel(event: EphemeralEvent, channelId: string, frame: Buffer, except: string): void {
    const workspace = this.workspaces.get(event.workspaceId);
    const channel = workspace?.channels.get(channelId);
    if (!channel) return;
    const route = workspace?.routes.get(except);
    const own = route?.channels.has(channel) ? [...route.streams].filter(({ live }) => live) : [];
    this.fanout.flush();
    for (const stream of own) ignore(channel, stream);
    const framed = { seq: 0, frame };
    this.fanout.push(channel, framed);
    for (const part of channel.parts?.values() ?? [])
      if (part.filter.wants(event.type)) this.fanout.push(part, framed);
    this.fanout.flush();
    for (const stream of own) hear(channel, stream);
  }

  /** Ends the streams of someone whose role changed, so that they fetch and hear what the new one may. */
  private rejudge(route: Route, role: WorkspaceRole): void {
    this.fanout.flush();
    for (const stream of [...route.streams]) stream.end('role changed');
    // Whatever is left on its way to this route is judged by the new role too.
    route.role = role;
  }

  /** Ends the streams of someone who is no member any more, also those that are about to open. */
  private expel(route: Route): void {
    this.fanout.flush();
    route.expelled = true;
    this.forget(route);
    for (const stream of [...route.streams]) stream.end('left the workspace');
  }

  private forget(route: Route): void {
    const { workspace, userId } = route;
    if (workspace.routes.get(userId) !== route) return;
    for (const channel of [...route.channels]) this.leave(route, channel.id);
    workspace.routes.delete(userId);
    if (workspace.routes.size === 0 && this.workspaces.get(workspace.id) === workspace)
      this.workspaces.delete(workspace.id);
    const routes = this.users.get(userId);
    routes?.delete(route);
    if (routes?.size === 0) this.users.delete(userId);
  }

  private *affected(workspace: Workspace, change: Change): Iterable<Route> {
    for (const userId of change.kind === 'close' ? [...workspace.routes.keys()] : change.userIds) {
      const route = workspace.routes.get(userId);
      if (route?.state === 'live') yield route;
      else if (route && !route.changes.includes(change)) route.changes.push(change);
    }
  }

  private deliver(workspace: Workspace | undefined, entry: Entry): void {
    const { scope, id } = entry;
    if (entry.workspace === '_') {
      for (const route of this.users.get(id) ?? []) this.tell(route.self, entry);
      return;
    }
    if (!workspace) return;
    const audience =
      workspace.audience(scope) ??
      (scope === 'channel' ? workspace.channels.get(id) : workspace.routes.get(id)?.self);
    if (audience) this.tell(audience, entry);
  }

  /** Everyone in an audience who wants the event; a filter is asked once for all who share it. */
  private tell(audience: Audience, entry: Entry): void {
    this.fanout.push(audience, entry);
    if (audience.parts === null) return;
    for (const part of audience.parts.values()) if (part.filter.passes(entry)) this.fanout.push(part, entry);
  }

  private join(route: Route, channelId: string): void {
    const { channels } = route.workspace;
    let channel = channels.get(channelId);
    if (!channel) channels.set(channelId, (channel = new Audience(channelId)));
    if (route.channels.has(channel)) return;
    if (channel.busy) this.fanout.flush();
    route.channels.add(channel);
    channel.routes++;
    for (const stream of route.streams) if (stream.live) hear(channel, stream);
  }

  private leave(route: Route, channelId: string): void {
    const channel = route.workspace.channels.get(channelId);
    if (!channel || !route.channels.delete(channel)) return;
    if (channel.busy) this.fanout.flush();
    for (const stream of route.streams) if (stream.live) ignore(channel, stream);
    if (--channel.routes === 0) route.workspace.channels.delete(channelId);
  }

  private mute(route: Route, stream: Stream): void {
    if (!stream.live) return;
    stream.live = false;
    route.self.delete(stream);
    for (const audience of route.wide()) audience.delete(stream);
    for (const channel of route.channels) ignore(channel, stream);
  }
}

/** Nobody is counted among the hearers of a channel of which they want nothing. */
const hear = (channel: Audience, stream: Stream): void => {
  if (stream.filter?.concerns(channel.id) ?? true) channel.add(stream);
};
const ignore = (channel: Audience, stream: Stream): void => {
  if (stream.filter?.concerns(channel.id) ?? true) channel.delete(stream);
};

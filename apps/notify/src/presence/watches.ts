import type { Presence, UserId, WorkspaceId } from '#contracts';

/** What a stream shows of the people of its workspace. */
export type Watch = {
  readonly workspaceId: WorkspaceId;
  readonly viewerId: UserId;
  /** May know of people only by the channels they share. */
  readonly byChannels: boolean;
  /** Whom, and the version that was told last. */
  readonly people: Map<UserId, number>;
  /** JSON of what changed since the last tick, by person. */
  readonly pending: Map<UserId, string>;
  /** When the list was judged, ms; the later one counts. */
  readonly at: number;
  /** It is being asked what may be shown: nothing is until then. */
  asking: boolean;
  /** How often that was. */
  questions: number;
};
export type Version = { userId: UserId; version: number };
type Place = Pick<Watch, 'workspaceId' | 'viewerId' | 'byChannels' | 'at'>;
/** `told`: the version that all watches were offered last; `known`: the newest that any of them knew. */
type Watched = { readonly watches: Set<Watch>; told: number; known: number };

/**
 * Who is watched by which streams of this process. A change costs as much as there are streams that show the
 * person, whoever else is online; `work` counts that.
 */
export class Watches<Stream extends object> {
  work = 0;
  private readonly byStream = new Map<Stream, Watch>();
  private readonly byPerson = new Map<UserId, Watched>();
  private readonly streams = new Map<Watch, Stream>();
  private dirty = new Set<Watch>();

  /** Takes the place of what the stream showed before; null when that was judged later. */
  set(stream: Stream, place: Place, shown: readonly Version[]): Watch | null {
    if ((this.byStream.get(stream)?.at ?? 0) > place.at) return null;
    this.remove(stream);
    const people = new Map(shown.map(({ userId, version }) => [userId, version]));
    const watch: Watch = { ...place, people, pending: new Map(), asking: false, questions: 0 };
    this.byStream.set(stream, watch);
    this.streams.set(watch, stream);
    for (const [userId, version] of people) {
      const watched = this.byPerson.get(userId);
      if (watched) {
        watched.watches.add(watch);
        watched.known = Math.max(watched.known, version);
      } else this.byPerson.set(userId, { watches: new Set([watch]), told: 0, known: version });
    }
    return watch;
  }

  remove(stream: Stream): void {
    const watch = this.byStream.get(stream);
    if (!watch) return;
    for (const userId of [...watch.people.keys()]) this.forget(watch, userId);
    this.byStream.delete(stream);
    this.streams.delete(watch);
    this.dirty.delete(watch);
  }

  /** Somebody is seen differently now. What was told already, or is older, changes nothing. */
  changed(presence: Presence): void {
    const watched = this.byPerson.get(presence.userId);
    if (!watched || watched.told >= presence.version) return;
    watched.told = presence.version;
    watched.known = Math.max(watched.known, presence.version);
    const json = JSON.stringify(presence);
    for (const watch of watched.watches) this.offer(watch, presence, json);
  }

  /** What happened while a new watch was on its way. */
  catchUp(watch: Watch, presences: readonly Presence[]): void {
    for (const presence of presences) this.offer(watch, presence, JSON.stringify(presence));
  }

  /** Whether somebody here has been told anything of a person. */
  knows(userId: UserId): boolean {
    return (this.byPerson.get(userId)?.known ?? 0) > 0;
  }

  /** No longer to be shown to this one. */
  forget(watch: Watch, userId: UserId): void {
    watch.people.delete(userId);
    watch.pending.delete(userId);
    const watches = this.byPerson.get(userId)?.watches;
    watches?.delete(watch);
    if (watches?.size === 0) this.byPerson.delete(userId);
  }

  /** Somebody left the workspace: nobody in it is shown them. */
  leave(workspaceId: string, userId: UserId): void {
    for (const watch of this.byPerson.get(userId)?.watches ?? [])
      if (watch.workspaceId === workspaceId) this.forget(watch, userId);
  }

  /** Watches of guests, of whom what they may know can change with any channel. */
  *ofGuests(): Iterable<Watch> {
    for (const watch of this.streams.keys()) if (watch.byChannels) yield watch;
  }

  /** Everyone who is watched. */
  people(): UserId[] {
    return [...this.byPerson.keys()];
  }

  /** Hands out what changed since the last time, one message per stream. */
  flush(send: (stream: Stream, watch: Watch, presences: string) => void): void {
    const { dirty } = this;
    this.dirty = new Set();
    for (const watch of dirty) {
      if (watch.asking) {
        this.dirty.add(watch);
        continue;
      }
      const stream = this.streams.get(watch);
      this.work++;
      if (stream && watch.pending.size > 0) send(stream, watch, [...watch.pending.values()].join());
      watch.pending.clear();
    }
  }

  private offer(watch: Watch, { userId, version }: Presence, json: string): void {
    this.work++;
    if ((watch.people.get(userId) ?? Infinity) >= version) return;
    watch.people.set(userId, version);
    watch.pending.set(userId, json);
    this.dirty.add(watch);
  }
}

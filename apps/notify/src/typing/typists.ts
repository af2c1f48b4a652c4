import type { Typing, WorkspaceId } from '#contracts';
import { isOver, passed, started, stopped, type Step, type Telling, type Typist } from './typist.js';

type Place = Typing & { workspaceId: WorkspaceId };
type Entry = { place: Place; typist: Typist };
export type Tell = (type: NonNullable<Telling>, place: Place) => void;

const placeKey = ({ userId, threadId }: Typing): string => `${userId} ${threadId ?? ''}`;

/** Who writes where, of those that somebody on this process could see. Costs nothing where nobody does. */
export class Typists {
  private readonly channels = new Map<string, Map<string, Entry>>();

  constructor(private readonly tell: Tell) {}

  get size(): number {
    return this.channels.size;
  }

  start(place: Place, now: number): void {
    let entries = this.channels.get(place.channelId);
    if (!entries) this.channels.set(place.channelId, (entries = new Map<string, Entry>()));
    const key = placeKey(place);
    const entry = entries.get(key);
    const step = started(entry?.typist, now);
    entries.set(key, { place, typist: step.typist });
    if (step.tell) this.tell(step.tell, place);
  }

  stop(typing: Typing): void {
    const entry = this.channels.get(typing.channelId)?.get(placeKey(typing));
    if (entry) this.take(entry, stopped(entry.typist));
  }

  /** Somebody left, the channel or (with null) the workspace. */
  left(userId: string, channelId: string | null): void {
    for (const [id, entries] of this.channels)
      if (channelId === null || channelId === id)
        for (const entry of entries.values())
          if (entry.place.userId === userId) this.take(entry, stopped(entry.typist));
  }

  /** Lets time pass. */
  pass(now: number): void {
    for (const [channelId, entries] of this.channels) {
      for (const [key, entry] of entries) {
        this.take(entry, passed(entry.typist, now));
        if (isOver(entry.typist, now)) entries.delete(key);
      }
      if (entries.size === 0) this.channels.delete(channelId);
    }
  }

  has(channelId: string): boolean {
    return this.channels.has(channelId);
  }

  private take(entry: Entry, { typist, tell }: Step): void {
    entry.typist = typist;
    if (tell) this.tell(tell, entry.place);
  }
}

import { listed, matchesEventPattern, type EventsQuery } from '#contracts';
import { channelOf, type Entry } from './entry.js';

/** Newer chats may have types that we don't know; whoever makes them up gets no memory of ours. */
const MAX_REMEMBERED = 1000;

/** What a program wants to hear of all that it may: events of some types, of some channels. */
export class Filter {
  private readonly wanted = new Map<string, boolean>();

  private constructor(
    /** The same wishes have the same key, so that those who share them share the work. */
    readonly key: string,
    private readonly types: readonly string[] | null,
    private readonly channels: ReadonlySet<string> | null,
  ) {}

  /** Null for who wants everything. */
  static of({ types, channels }: Pick<EventsQuery, 'types' | 'channels'>): Filter | null {
    if (types === undefined && channels === undefined) return null;
    const patterns = types === undefined ? null : [...new Set(listed(types))].sort();
    const ids = channels === undefined ? null : [...new Set(listed(channels))].sort();
    const key = `${patterns?.join() ?? '*'} ${ids?.join() ?? '*'}`;
    return new Filter(key, patterns, ids && new Set(ids));
  }

  /** Whether anything in this channel could be wanted. */
  concerns(channelId: string): boolean {
    return this.channels?.has(channelId) ?? true;
  }

  passes(entry: Entry): boolean {
    if (!this.wants(entry.type)) return false;
    if (this.channels === null) return true;
    const channelId = channelOf(entry);
    return channelId !== null && this.channels.has(channelId);
  }

  wants(type: string): boolean {
    if (this.types === null) return true;
    let wanted = this.wanted.get(type);
    if (wanted === undefined) {
      wanted = this.types.some((pattern) => matchesEventPattern(type, pattern));
      if (this.wanted.size < MAX_REMEMBERED) this.wanted.set(type, wanted);
    }
    return wanted;
  }
}

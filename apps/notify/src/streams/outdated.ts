import type { Entry } from './entry.js';

/** How many memberships are remembered: far more than change while an event is late. */
const MAX_KNOWN = 50_000;

/**
 * Which membership events came too late. Processes publish on their own, so after a fault somebody's leaving
 * may stand in the stream behind the joining that followed it. Taken in that order it would shut them out, and
 * the reverse would let someone go on listening who was removed. The highest version of a membership wins; an
 * event behind it tells nobody anything.
 */
export class Outdated {
  /** The version of the newest event of each membership, and where it stands; the oldest go first. */
  private readonly newest = new Map<string, { version: number; seq: number }>();
  private readonly late = new Set<number>();

  constructor(private readonly limit = MAX_KNOWN) {}

  /** Judges the next event of the feed. */
  judge({ change, workspace, seq }: Entry): boolean {
    if (change?.version === undefined) return false;
    const { version, channelId, userIds } = change;
    const key = `${channelId ?? workspace}:${userIds[0]}`;
    const known = this.newest.get(key);
    if (known && known.seq !== seq && known.version > version) {
      this.late.add(seq);
      bound(this.late, this.limit);
      return true;
    }
    this.newest.delete(key);
    this.newest.set(key, { version, seq });
    bound(this.newest, this.limit);
    return false;
  }

  /** Whether the event at this position was one. */
  has(seq: number): boolean {
    return this.late.has(seq);
  }

  /** Positions mean nothing in another stream. */
  reset(): void {
    this.newest.clear();
    this.late.clear();
  }
}

const bound = <Key>(all: Map<Key, unknown> | Set<Key>, limit: number): void => {
  if (all.size <= limit) return;
  for (const oldest of all.keys()) {
    all.delete(oldest);
    return;
  }
};

import { BatcherOverloaded, MicroBatcher, type Clock } from '#core';
import type { Presence, UserId } from '#contracts';
import { DomainError } from '#platform';
import { dueAt, nobody, present, settle, type Change, type PresenceRecord } from './presence-record.js';
import type { PresenceRepository, Replacement, Stored } from './presence.repository.js';

type Request = { userId: UserId; change: Change };
/** Loading, comparing and replacing again, when other processes change the same records. */
const ROUNDS = 20;

/**
 * Changes what is stored of people: read, decide by pure rules, replace unless somebody was faster. Changes
 * gather while others are under way, so that thousands of devices make a few round trips. Whoever's change
 * makes the others see someone differently is told of it, and nobody else.
 */
export class PresenceRecords {
  private readonly batcher = new MicroBatcher<Request, PresenceRecord>((batch) => this.run(batch), {
    maxBatch: 500,
    maxQueue: 50_000,
  });

  constructor(
    private readonly repository: PresenceRepository,
    private readonly clock: Clock,
    private readonly changed: (presence: Presence) => void,
  ) {}

  /** The record as it is after that. Rejects with `unavailable` or `overloaded`. */
  async change(userId: UserId, change: Change): Promise<PresenceRecord> {
    try {
      return await this.batcher.submit({ userId, change });
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** What is stored of somebody. Rejects with `unavailable`. */
  async read(userId: UserId): Promise<PresenceRecord> {
    const [stored] = await this.load([userId]);
    return stored?.record ?? nobody;
  }

  /** How the others see them, in the order of the ids. Rejects with `unavailable`. */
  async find(userIds: readonly UserId[]): Promise<Presence[]> {
    const stored = await this.load(userIds);
    return stored.map(({ record }, index) => present(userIds[index] as UserId, record ?? nobody));
  }

  private async load(userIds: readonly UserId[]): Promise<Stored[]> {
    try {
      return await this.repository.load(userIds);
    } catch (error) {
      throw unavailable(error);
    }
  }

  private async run(batch: readonly Request[]): Promise<PresenceRecord[]> {
    let waiting = new Map<UserId, Change[]>();
    for (const { userId, change } of batch) waiting.set(userId, [...(waiting.get(userId) ?? []), change]);
    const results = new Map<UserId, PresenceRecord>();
    for (let round = 0; waiting.size > 0; round++) {
      if (round === ROUNDS) throw new Error('other processes were always faster');
      waiting = await this.attempt(waiting, results);
    }
    return batch.map(({ userId }) => results.get(userId) as PresenceRecord);
  }

  /** Returns what has to be tried again. */
  private async attempt(
    waiting: ReadonlyMap<UserId, Change[]>,
    results: Map<UserId, PresenceRecord>,
  ): Promise<Map<UserId, Change[]>> {
    const entries = [...waiting];
    const stored = await this.repository.load(entries.map(([userId]) => userId));
    const now = this.clock.now().getTime();
    const replacements = entries.map(([userId, changes], index): Replacement => {
      const { raw, record } = stored[index] as Stored;
      const changed = changes.reduce((before, change) => change(before, now), record ?? nobody);
      const settled = settle(changed, now);
      return { userId, expected: raw, record: settled, dueAt: dueAt(settled, now) };
    });
    const done = await this.repository.replace(replacements);
    const again = new Map<UserId, Change[]>();
    for (const [index, { userId, record }] of replacements.entries()) {
      const [, changes] = entries[index] as [UserId, Change[]];
      if (!done[index]) again.set(userId, changes);
      else {
        results.set(userId, record);
        if (record.state !== (stored[index]?.record ?? nobody).state) this.changed(present(userId, record));
      }
    }
    return again;
  }
}

const unavailable = (cause: unknown) =>
  cause instanceof BatcherOverloaded
    ? new DomainError('overloaded', { retryAfter: 1 }, { cause })
    : new DomainError('unavailable', { retryAfter: 2 }, { cause });

import { LRUCache } from 'lru-cache';
import { rpcSubjects, type PostingReply, type PostingVerdict } from '#contracts';
import { MicroBatcher } from '#core';
import { DomainError } from '#platform';

type Pair = { channelId: string; userId: string };
type Rpc = { request<Reply>(subject: string, body: unknown): Promise<Reply> };

/** How long an answer is believed. Leaving is noticed at once, other changes are after this. */
const BELIEVED_MS = 30_000;
const MAX_PAIRS = 200;

/** Asks chat who may write where, once per person and channel in a while. */
export class PostingRights {
  private readonly known = new LRUCache<string, PostingVerdict>({ max: 50_000, ttl: BELIEVED_MS });
  private readonly batcher: MicroBatcher<Pair, PostingVerdict>;
  /** Grows with each `forget`, so that an answer from before it is not kept. */
  private forgotten = 0;

  constructor(private readonly rpc: Rpc) {
    this.batcher = new MicroBatcher((pairs) => this.ask(pairs), { maxBatch: MAX_PAIRS, maxQueue: 10_000 });
  }

  /** Rejects with `unavailable` when chat doesn't answer. */
  async of(userId: string, channelId: string): Promise<PostingVerdict> {
    const key = `${userId} ${channelId}`;
    const known = this.known.get(key);
    if (known) return known;
    const { forgotten } = this;
    const verdict = await this.batcher.submit({ channelId, userId }).catch((cause: unknown) => {
      throw new DomainError('unavailable', { retryAfter: 2 }, { cause });
    });
    // A refusal may be over in a moment, and is not asked for in a row.
    if ('workspaceId' in verdict && this.forgotten === forgotten) this.known.set(key, verdict);
    return verdict;
  }

  /** Somebody left a channel, or (with null) a workspace and so any channel. */
  forget(userId: string, channelId: string | null): void {
    this.forgotten++;
    if (channelId !== null) this.known.delete(`${userId} ${channelId}`);
    else for (const key of this.known.keys()) if (key.startsWith(userId)) this.known.delete(key);
  }

  private async ask(pairs: Pair[]): Promise<PostingVerdict[]> {
    return (await this.rpc.request<PostingReply>(rpcSubjects.posting, { pairs })).verdicts;
  }
}

import { rpcSubjects, type Membership, type MembershipsReply } from '#contracts';
import { MicroBatcher } from '#core';
import { DomainError } from '#platform';

type Pair = { workspaceId: string; userId: string };
/** Role and channels of a member; null for a stranger. */
export type Standing = Membership | null;
type Rpc = { request<Reply>(subject: string, body: unknown): Promise<Reply> };

/**
 * Asks chat who may see what. Questions gather while one is in flight, so that thousands of clients that
 * reconnect at once make a few requests.
 */
export class Memberships {
  private readonly batcher: MicroBatcher<Pair, Standing>;

  constructor(
    private readonly rpc: Rpc,
    limits = { maxBatch: 500, maxQueue: 50_000 },
  ) {
    this.batcher = new MicroBatcher((pairs) => this.ask(pairs), limits);
  }

  /** Rejects with `unavailable` when chat doesn't answer. */
  async of(workspaceId: string, userId: string): Promise<Standing> {
    try {
      return await this.batcher.submit({ workspaceId, userId });
    } catch (error) {
      throw new DomainError('unavailable', { retryAfter: 2 }, { cause: error });
    }
  }

  private async ask(pairs: Pair[]): Promise<Standing[]> {
    try {
      const { memberships } = await this.rpc.request<MembershipsReply>(rpcSubjects.memberships, { pairs });
      return pairs.map((_, index) => memberships[index] ?? null);
    } catch (error) {
      // An answer that says "error" may have been too large for one message; silence says chat is away.
      if (pairs.length === 1 || (error as Error).cause !== undefined) throw error;
      const half = Math.ceil(pairs.length / 2);
      return [...(await this.ask(pairs.slice(0, half))), ...(await this.ask(pairs.slice(half)))];
    }
  }
}

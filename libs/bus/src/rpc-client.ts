import type { NatsConnection } from '@nats-io/nats-core';

export class RpcFailed extends Error {}

/** Request/reply over core NATS: `rpc.v1.<service>.<method>`, JSON both ways. */
export class RpcClient {
  constructor(
    private readonly nats: NatsConnection,
    private readonly timeoutMs = 3000,
  ) {}

  /** Rejects with `RpcFailed` when nobody answers in time or the answer is an error. */
  async request<Reply>(subject: string, body: unknown): Promise<Reply> {
    let reply: { data?: Reply; error?: string };
    try {
      reply = (await this.nats.request(subject, JSON.stringify(body), { timeout: this.timeoutMs })).json();
    } catch (error) {
      throw new RpcFailed(`${subject}: ${(error as Error).message}`, { cause: error });
    }
    if (reply.error !== undefined || reply.data === undefined)
      throw new RpcFailed(`${subject}: ${reply.error ?? 'empty reply'}`);
    return reply.data;
  }
}

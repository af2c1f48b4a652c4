import { Inject, Injectable } from '@nestjs/common';
import {
  MAX_CANDIDATES,
  MAX_LISTENERS,
  rpcSubjects,
  type Message,
  type MessageFacts,
  type NotificationFactsReply,
  type NotificationFactsRequest,
  type UserId,
} from '#contracts';
import { RpcClient, type Bus } from '#bus';
import { BUS } from '../engines/tokens.js';

export type Asked = { message: Message; edited: boolean; candidates: readonly UserId[] };
export type Page = { asked: Asked; facts: MessageFacts };

/** Less than a process has to end in. */
const TIMEOUT_MS = 5000;

/** Asks chat how people stand to messages. */
@Injectable()
export class FactsClient {
  private readonly rpc: RpcClient;

  constructor(@Inject(BUS) bus: Bus) {
    this.rpc = new RpcClient(bus.nats, TIMEOUT_MS);
  }

  /** All the people, however many, in pages; what is gone has none. */
  async *pages(asked: readonly Asked[], listeners: readonly UserId[]): AsyncIterable<Page[]> {
    const widest = Math.max(...asked.map(({ candidates }) => candidates.length));
    const rounds = Math.max(
      1,
      Math.ceil(listeners.length / MAX_LISTENERS),
      Math.ceil(widest / MAX_CANDIDATES),
    );
    for (let round = 0; round < rounds; round++)
      yield* this.round(asked, round, listeners.slice(round * MAX_LISTENERS, (round + 1) * MAX_LISTENERS));
  }

  private async *round(
    all: readonly Asked[],
    round: number,
    listeners: readonly UserId[],
  ): AsyncIterable<Page[]> {
    let open = all.map((asked) => ({ asked, after: null as string | null }));
    while (open.length > 0) {
      const request: NotificationFactsRequest = {
        messages: open.map(({ asked: { message, edited, candidates }, after }) => ({
          messageId: message.id,
          edited,
          candidates: candidates.slice(round * MAX_CANDIDATES, (round + 1) * MAX_CANDIDATES),
          after,
        })),
        listeners: [...listeners],
      };
      const reply = await this.rpc.request<NotificationFactsReply>(rpcSubjects.notificationFacts, request);
      const told = open.flatMap(({ asked }, at) => {
        const facts = reply.messages[at];
        return facts ? [{ asked, facts }] : [];
      });
      yield told.filter(({ facts }) => facts.people.length > 0);
      open = told.flatMap(({ asked, facts: { next } }) => (next === null ? [] : [{ asked, after: next }]));
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { RpcClient, type Bus } from '#bus';
import { NoticesReply, rpcSubjects, type Notice, type Recipient, type UserId } from '#contracts';
import { BUS } from '../engines/tokens.js';
import type { ClaimedDelivery } from '../notifications/delivery.js';

const AT_ONCE = 500;

export type Told = {
  /** By the id of the delivery; absent where there is nothing to tell any more. */
  notices: ReadonlyMap<string, Notice>;
  recipients: ReadonlyMap<UserId, Recipient>;
};

/** What deliveries tell, from chat, at the moment they are sent: access and wording are those of now. */
@Injectable()
export class Notices {
  private readonly rpc: RpcClient;

  constructor(@Inject(BUS) bus: Bus) {
    this.rpc = new RpcClient(bus.nats);
  }

  /** Rejects when chat does not answer. */
  async of(deliveries: readonly ClaimedDelivery[]): Promise<Told> {
    const notices = new Map<string, Notice>();
    const recipients = new Map<UserId, Recipient>();
    for (let from = 0; from < deliveries.length; from += AT_ONCE) {
      const asked = deliveries.slice(from, from + AT_ONCE);
      const request = { notices: asked.map(({ userId, messageId }) => ({ userId, messageId })) };
      const reply = NoticesReply.parse(await this.rpc.request(rpcSubjects.notices, request));
      for (const recipient of reply.recipients) recipients.set(recipient.userId, recipient);
      reply.notices.forEach((notice, at) => {
        if (notice) notices.set((asked[at] as ClaimedDelivery).id, notice);
      });
    }
    return { notices, recipients };
  }
}

import type { Subscription } from '@nats-io/nats-core';
import {
  rpcSubjects,
  type LiveSessionsRequest,
  type Notice,
  type NoticesRequest,
  type Recipient,
} from '#contracts';
import { uuidv7 } from '#core';
import { Database } from '#db';
import { newId } from '#testing';
import type { ClaimedDelivery, DeliveredChannel } from '../src/notifications/delivery.js';
import type { World } from './running-notify.js';

export type DeliveryRow = {
  id: string;
  state: string;
  attempts: number;
  errorCode: string | null;
  dueAt: Date;
};
type Fields = Partial<
  Pick<ClaimedDelivery, 'workspaceId' | 'channelId' | 'messageId' | 'threadId' | 'reason' | 'senderId'>
> & { dueAt?: Date; createdAt?: Date };

export const aNotice: Notice = {
  workspaceName: 'Acme',
  channelName: 'general',
  senderName: 'Grace',
  preview: 'Lunch?',
};

/** Writes deliveries into notify's database, and answers for chat what they tell. */
export class DeliveryDesk {
  /** By message; `aNotice` for all others. */
  readonly notices = new Map<string, Notice | null>();
  readonly recipients = new Map<string, Recipient>();
  /** Sessions that chat says have ended. */
  readonly ended = new Set<string>();
  chatAnswers = true;
  /** Happens while chat is being asked. */
  whileAsked: () => Promise<void> = () => Promise.resolve();
  private readonly subscriptions: Subscription[];

  private constructor(
    world: World,
    readonly database: Database,
  ) {
    const { nats } = world.bus;
    this.subscriptions = [
      nats.subscribe(rpcSubjects.notices, {
        callback: (_error, message) => {
          if (!this.chatAnswers) return;
          const { notices: asked } = message.json<NoticesRequest>();
          const notices = asked.map(({ messageId }) => this.noticeOf(messageId));
          const recipients = [...new Set(asked.map(({ userId }) => userId))].flatMap(
            (userId) => this.recipients.get(userId) ?? [],
          );
          const answer = JSON.stringify({ data: { notices, recipients } });
          void this.whileAsked().then(() => message.respond(answer));
        },
      }),
      nats.subscribe(rpcSubjects.liveSessions, {
        callback: (_error, message) => {
          const { sessionIds } = message.json<LiveSessionsRequest>();
          const live = sessionIds.filter((id) => !this.ended.has(id));
          message.respond(JSON.stringify({ data: { sessionIds: live } }));
        },
      }),
    ];
  }

  static async open(world: World, url: string): Promise<DeliveryDesk> {
    const options = { poolSize: 4, name: 'test', schema: 'notify', entities: [] };
    const database = new Database({ url, ...options, onCommitted: () => undefined });
    await database.open();
    return new DeliveryDesk(world, database);
  }

  async close(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    await this.database.close();
  }

  /** A notification that is due now. Resolves to the id of its delivery. */
  async owe(userId: string, channel: DeliveredChannel, fields: Fields = {}): Promise<string> {
    const [notificationId, id] = [uuidv7(), uuidv7()];
    const { createdAt = new Date(), dueAt = createdAt, threadId = null, reason = 'mention' } = fields;
    await this.database.execute(
      `INSERT INTO notify.notifications
         (id, user_id, workspace_id, channel_id, message_id, thread_id, in_channel, seq, sender_id, reason, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, true, 1, $7, $8, $9)`,
      [
        notificationId,
        userId,
        fields.workspaceId ?? newId.workspace(),
        fields.channelId ?? newId.channel(),
        fields.messageId ?? newId.message(),
        threadId,
        fields.senderId ?? newId.user(),
        reason,
        createdAt.toISOString(),
      ],
    );
    await this.database.execute(
      `INSERT INTO notify.deliveries (id, notification_id, user_id, channel, state, due_at, created_at)
       VALUES ($1, $2, $3, $4, 'pending', $5, $6)`,
      [id, notificationId, userId, channel, dueAt.toISOString(), createdAt.toISOString()],
    );
    return id;
  }

  async row(id: string): Promise<DeliveryRow> {
    const { rows } = await this.database.execute(
      `SELECT id, state, attempts, error_code AS "errorCode", due_at AS "dueAt" FROM notify.deliveries WHERE id = $1`,
      [id],
    );
    return rows[0] as DeliveryRow;
  }

  /** As if it had been read before it was sent. */
  async cancel(id: string): Promise<void> {
    const sql = `UPDATE notify.deliveries SET state = 'cancelled', settled_at = now() WHERE id = $1`;
    await this.database.execute(sql, [id]);
  }

  /** The wait is over. */
  async hasten(id: string): Promise<void> {
    await this.database.execute(`UPDATE notify.deliveries SET due_at = now() WHERE id = $1`, [id]);
  }

  private noticeOf(messageId: string): Notice | null {
    const notice = this.notices.get(messageId);
    return notice === undefined ? aNotice : notice;
  }
}

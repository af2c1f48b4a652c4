import { expect } from '@jest/globals';
import { Client } from 'pg';
import {
  EVENTS_STREAM,
  type ChannelId,
  type Message,
  type Notification,
  type NotificationDelivery,
  type WorkspaceId,
} from '#contracts';
import { eventually, newId, startPostgresDatabase, type EventStream, type TestDatabase } from '#testing';
import { RunningNotify, World, type Person } from './running-notify.js';
import { person, ToldFacts } from './told-facts.js';

/** Notify with a database, beside a chat that says what it is told to say, and Ada, whom each message calls. */
export class NotificationsWorld {
  w: WorkspaceId = newId.workspace();
  c: ChannelId = newId.channel();
  ada!: Person;

  private constructor(
    readonly world: World,
    private readonly postgres: TestDatabase,
    readonly sql: Client,
    readonly chat: ToldFacts,
    public notify: RunningNotify,
  ) {}

  static async start(): Promise<NotificationsWorld> {
    const [world, postgres] = await Promise.all([
      World.start(),
      startPostgresDatabase({ migrations: 'notify' }),
    ]);
    const sql = new Client({ connectionString: postgres.url });
    await sql.connect();
    const notify = await RunningNotify.start(world, { POSTGRES_URL: postgres.url });
    return new NotificationsWorld(world, postgres, sql, new ToldFacts(world), notify);
  }

  /** One more process. */
  second(): Promise<RunningNotify> {
    return RunningNotify.start(this.world, { POSTGRES_URL: this.postgres.url });
  }

  /** Another workspace, with another Ada. */
  async fresh(): Promise<void> {
    [this.w, this.c] = [newId.workspace(), newId.channel()];
    this.ada = await this.world.member(this.w, this.c);
    this.chat.before = () => Promise.resolve();
    this.chat.always([person(this.ada.userId, { named: true })]);
  }

  async stop(): Promise<void> {
    await this.sql.end();
    await this.notify.stop();
    await this.world.stop();
    await this.postgres.drop();
  }

  /** Resolves when every event has been handled. */
  handled(): Promise<void> {
    return eventually(async () => {
      const consumer = await this.world.bus.jsm.consumers.info(EVENTS_STREAM, 'notify-notifications');
      expect([consumer.num_pending, consumer.num_ack_pending]).toEqual([0, 0]);
    });
  }

  async list(who = this.ada, query = ''): Promise<Notification[]> {
    const reply = await this.notify.call(`GET /notifications?workspaceId=${this.w}${query}`, who);
    expect(reply.status).toBe(200);
    return reply.body['data'] as Notification[];
  }

  /** By channel: the reason, or else the state. */
  async deliveries(who = this.ada): Promise<Record<string, string>> {
    const { body } = await this.notify.call('GET /me/notification-deliveries', who);
    const log = body['data'] as NotificationDelivery[];
    return Object.fromEntries(log.map(({ channel, state, errorCode }) => [channel, errorCode ?? state]));
  }

  async next(stream: EventStream, type: string): Promise<Notification> {
    const frame = await stream.next(({ event }) => event === type, 20_000);
    return (JSON.parse(frame.data) as { data: { notification: Notification } }).data.notification;
  }

  async say(fields: Partial<Message> = {}): Promise<Message> {
    const message = this.chat.message(this.ada, this.c, fields);
    await this.chat.created(message);
    return message;
  }

  /** Says it, and waits until Ada has been told. */
  async told(fields: Partial<Message> = {}): Promise<{ message: Message; notification: Notification }> {
    const message = await this.say(fields);
    return eventually(async () => {
      const mine = (await this.list()).find(({ messageId }) => messageId === message.id);
      expect(mine).toBeDefined();
      return { message, notification: mine as Notification };
    });
  }
}

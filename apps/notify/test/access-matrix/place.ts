import { generateKeyPairSync } from 'node:crypto';
import {
  routes,
  type AccessTokenId,
  type NotificationId,
  type CallerKind,
  type Route,
  type WorkspaceRole,
} from '#contracts';
import { newId, startPostgresDatabase, type TestDatabase } from '#testing';
import { uuidv7 } from '#core';
import { Storage } from '../../src/engines/storage.js';
import { unsubscribeToken } from '../../src/email/unsubscribe-token.js';
import { NotificationWriter } from '../../src/notifications/notification-writer.js';
import { RunningNotify, World } from '../running-notify.js';

export type Caller = { userId: ReturnType<typeof newId.user>; token: string };
type Kind = Exclude<CallerKind, 'anonymous'>;
export type AnyRequest = { params?: Record<string, string>; query?: Record<string, string>; body?: unknown };

export const operations = Object.entries<Route>(routes).filter(([, { service }]) => service === 'notify');
const VAPID = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' })
  .d as string;
const MAIL_LINK_KEY = 'a-key-of-the-tests-with-32-characters';
const roles: Record<Exclude<Kind, 'stranger' | 'removed'>, WorkspaceRole> = {
  guest: 'guest',
  member: 'member',
  admin: 'admin',
  owner: 'owner',
  bot: 'bot',
};

/** One workspace with a channel in it, and somebody of every kind. */
export class Place {
  readonly people = {} as Record<Kind, Caller>;
  readonly w = newId.workspace();
  readonly c = newId.channel();

  private constructor(
    readonly world: World,
    readonly notify: RunningNotify,
    private readonly postgres: TestDatabase,
  ) {}

  static async start(): Promise<Place> {
    const [world, postgres] = await Promise.all([
      World.start(),
      startPostgresDatabase({ migrations: 'notify' }),
    ]);
    const notify = await RunningNotify.start(world, {
      POSTGRES_URL: postgres.url,
      VAPID_PRIVATE_KEY: VAPID,
      MAIL_LINK_KEY,
    });
    await notify.app.get(Storage).ready;
    const place = new Place(world, notify, postgres);
    for (const kind of ['stranger', 'removed', ...Object.keys(roles)] as Kind[])
      place.people[kind] = await place.another(kind);
    return place;
  }

  async stop(): Promise<void> {
    await this.notify.stop();
    await this.world.stop();
    await this.postgres.drop();
  }

  async another(kind: Kind): Promise<Caller> {
    const userId = newId.user();
    const sessionId = newId.session();
    if (kind !== 'stranger' && kind !== 'removed') {
      this.world.chat.member({ workspaceId: this.w, userId }, this.c);
      this.world.chat.role({ workspaceId: this.w, userId }, roles[kind]);
    }
    const claims = { userId, sessionId, kind: kind === 'bot' ? ('bot' as const) : ('user' as const) };
    return { userId, token: await this.world.keys.sign(claims) };
  }

  /** Sends a request that has to succeed. */
  async do<T>(kind: Kind, route: string, body?: unknown): Promise<T> {
    const reply = await this.notify.call(route, { token: this.people[kind].token, body });
    if (reply.status >= 300) throw new Error(`${route}: ${JSON.stringify(reply.body)}`);
    return reply.body as T;
  }

  /** Of a mail to somebody. */
  unsubscribeToken(): string {
    return unsubscribeToken(newId.user(), MAIL_LINK_KEY);
  }

  /** A notification of the caller's own; of the member's, where they can have none. */
  async notification(caller: CallerKind): Promise<NotificationId> {
    const { userId } = this.people[caller === 'anonymous' ? 'member' : caller];
    const id = uuidv7() as NotificationId;
    const notification = {
      id,
      userId,
      workspaceId: this.w,
      channelId: this.c,
      messageId: newId.message(),
      threadId: null,
      seq: 1,
      senderId: newId.user(),
      reason: 'mention' as const,
      createdAt: new Date(),
      inChannel: true,
      edited: false,
      lastReadSeq: 0,
      threadLastReadSeq: 0,
      pushDueAt: null,
      emailDueAt: null,
      heldBack: false,
    };
    await this.notify.app.get(NotificationWriter).write([notification]);
    return id;
  }

  /** A member's personal access token with these scopes. */
  program(...scopes: string[]): string {
    const { userId } = this.people.member;
    const id = newId.session() as unknown as AccessTokenId;
    return this.world.chat.token({ id, userId, scopes, expiresAt: null });
  }

  /** What becomes of a request: `ok`, or the code of the problem with what it points to. */
  async verdict(
    route: Route,
    { params = {}, query = {}, body }: AnyRequest,
    token?: string,
  ): Promise<string> {
    const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ''),
    );
    const abort = new AbortController();
    const reply = await fetch(`${this.notify.url}/api/v1${path}?${new URLSearchParams(query).toString()}`, {
      method: route.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: abort.signal,
    });
    if (reply.ok) {
      // A stream has no end of its own.
      abort.abort();
      return reply.status === route.status ? 'ok' : String(reply.status);
    }
    const { code, errors = [] } = (await reply.json()) as { code: string; errors?: { pointer: string }[] };
    return [code, ...errors.map(({ pointer }) => pointer)].join(' ');
  }
}

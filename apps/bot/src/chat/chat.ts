import type { ChannelId, SendMessage, UserId } from '#contracts';
import { RetryLater } from '#bus';
import type { ChatHttp } from './chat-http.js';
import type { ServiceTokens } from './service-token.js';

/** `unwelcome`: the bot may not write there, or there is no such channel any more. */
export type Sent = 'sent' | 'unwelcome';

const UNWELCOME = new Set([403, 404, 409, 410]);

/** What the bot does in chat, as the user it is there. */
export class Chat {
  constructor(
    private readonly http: ChatHttp,
    private readonly tokens: ServiceTokens,
  ) {}

  /** The bot's own user id. */
  async me(): Promise<UserId> {
    return (await this.tokens.current()).userId;
  }

  /** Sends once for each `clientMessageId`, however often it is called. */
  async send(channelId: ChannelId, message: SendMessage): Promise<Sent> {
    const path = `/channels/${channelId}/messages`;
    let reply = await this.postAuthorized(path, message);
    // The token was revoked, or chat's keys were changed: a new one helps, once.
    if (reply.status === 401) reply = await this.postAuthorized(path, message);
    if (reply.ok) return 'sent';
    if (UNWELCOME.has(reply.status)) return 'unwelcome';
    if (reply.status === 401) throw new RetryLater('chat refuses a fresh token of the bot');
    throw new Error(`chat refuses the message: ${reply.status} ${await reply.text()}`);
  }

  private async postAuthorized(path: string, body: unknown): Promise<Response> {
    const { accessToken } = await this.tokens.current();
    const reply = await this.http.post(path, body, accessToken);
    if (reply.status === 401) this.tokens.discard(accessToken);
    return reply;
  }
}

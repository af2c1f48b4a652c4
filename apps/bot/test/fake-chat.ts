import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceTokenRequest, SendMessage, type UserId } from '#contracts';
import { newId } from '#testing';

export const CLIENT_SECRET = 'a-secret-of-the-bot-that-is-long-enough';

type Posted = { channelId: string; clientMessageId: string; text: string };

/** The part of chat's API that the bot uses: idempotent sending, tokens that expire and can be revoked. */
export class FakeChat {
  readonly botId: UserId = newId.user();
  readonly messages: Posted[] = [];
  /** Sends that reached chat, also repeated and refused ones. */
  sends = 0;
  tokensIssued = 0;
  expiresIn = 600;
  /** Replies to the next sends before chat is itself again. */
  failures: { status: number; retryAfter?: number }[] = [];
  readonly closedChannels = new Map<string, number>();
  private valid = new Set<string>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  revokeTokens(): void {
    this.valid.clear();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null;
    const reply = (status: number, json: object, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(json));
    if (request.url === '/health/live') return void reply(200, { status: 'live' });
    if (request.url === '/api/v1/auth/token') return void reply(...this.issueToken(body));
    const channelId = /^\/api\/v1\/channels\/([^/]+)\/messages$/.exec(request.url ?? '')?.[1];
    if (!channelId) return void reply(404, {});
    this.sends++;
    const failure = this.failures.shift();
    if (failure)
      return void reply(
        failure.status,
        {},
        failure.retryAfter ? { 'retry-after': String(failure.retryAfter) } : {},
      );
    if (!this.valid.has(request.headers.authorization ?? '')) return void reply(401, {});
    const closed = this.closedChannels.get(channelId);
    if (closed !== undefined) return void reply(closed, {});
    reply(...this.send(channelId, body));
  }

  private issueToken(body: unknown): [number, object] {
    const request = ServiceTokenRequest.safeParse(body);
    if (request.data?.clientSecret !== CLIENT_SECRET) return [401, { code: 'auth.invalid_credentials' }];
    const accessToken = `token-${++this.tokensIssued}`;
    this.valid.add(`Bearer ${accessToken}`);
    return [200, { accessToken, expiresIn: this.expiresIn, userId: this.botId }];
  }

  private send(channelId: string, body: unknown): [number, object] {
    const message = SendMessage.parse(body);
    const known = this.messages.some((other) => other.clientMessageId === message.clientMessageId);
    if (!known) this.messages.push({ channelId, ...message });
    return [known ? 200 : 201, {}];
  }
}

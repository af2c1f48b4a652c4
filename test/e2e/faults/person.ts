import { setTimeout as delay } from 'node:timers/promises';
import type { AuthResult, Bootstrap, ChannelBadge, Message, Page, Unread } from '#contracts';

export interface Reply<T> {
  readonly status: number;
  readonly body: T;
}

/** What became of a wish: the service said yes or no, or nothing that tells. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly body: T }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  | { readonly kind: 'unknown'; readonly lastStatus: number };

const PASSWORD = 'correct horse battery staple';
/** A frozen process holds a request for as long as it is frozen; people don't wait that long. */
const PATIENCE_MS = 6_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;
const EVER_MS = 180_000;

const passes = (status: number): boolean => status >= 500 || status === 429 || status === 401;

/** Somebody who talks to Parley through the gateway and doesn't give up easily. */
export class Person {
  readonly name: string;
  readonly id: string;
  readonly #url: string;
  readonly #email: string;
  #token: string;
  #login: Promise<void> | null = null;

  private constructor(url: string, name: string, email: string, result: AuthResult) {
    this.#url = url;
    this.name = name;
    this.id = result.user.id;
    this.#email = email;
    this.#token = result.accessToken ?? '';
  }

  static async register(url: string, name: string): Promise<Person> {
    const email = `${name.toLowerCase()}@example.org`;
    const response = await fetch(`${url}/api/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, name, password: PASSWORD, transport: 'token' }),
    });
    if (response.status !== 201) throw new Error(`${name} could not register: ${await response.text()}`);
    return new Person(url, name, email, (await response.json()) as AuthResult);
  }

  get token(): string {
    return this.#token;
  }

  /** One attempt; null when there was no reply, or only one of somebody on the way. */
  async attempt<T>(route: string, body?: unknown): Promise<Reply<T> | null> {
    const [method = '', path = ''] = route.split(' ');
    try {
      const response = await fetch(`${this.#url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : null) as T };
    } catch {
      return null;
    }
  }

  /** Repeats until there is an answer, or for so long. Only for what may be repeated. */
  async insist<T>(route: string, body?: unknown, forMs = EVER_MS): Promise<Outcome<T>> {
    const deadline = Date.now() + forMs;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const reply = await this.attempt<T & { code?: string }>(route, body);
      if (reply?.status === 401) await this.renew();
      if (reply && !passes(reply.status)) {
        return reply.status < 300
          ? { kind: 'done', body: reply.body }
          : { kind: 'refused', status: reply.status, code: reply.body?.code ?? '' };
      }
      if (Date.now() >= deadline) return { kind: 'unknown', lastStatus: reply?.status ?? 0 };
      await delay(wait);
    }
  }

  /** For what has to succeed: setting up, and looking at the end. */
  async must<T>(route: string, body?: unknown): Promise<T> {
    const outcome = await this.insist<T>(route, body);
    if (outcome.kind === 'done') return outcome.body;
    throw new Error(`${this.name}: ${route}: ${JSON.stringify(outcome)}`);
  }

  /** Access tokens live for ten minutes. Devices that notice together log in once. */
  renew(): Promise<void> {
    return (this.#login ??= this.#logIn().finally(() => (this.#login = null)));
  }

  async #logIn(): Promise<void> {
    const body = { email: this.#email, password: PASSWORD, transport: 'token' };
    const reply = await this.attempt<AuthResult>('POST /auth/login', body);
    if (reply?.status === 200) this.#token = reply.body.accessToken ?? '';
  }

  bootstrap(workspaceId: string): Promise<Bootstrap> {
    return this.must(`GET /workspaces/${workspaceId}/bootstrap`);
  }

  async badges(workspaceId: string): Promise<ChannelBadge[]> {
    return (await this.must<Unread>(`GET /workspaces/${workspaceId}/unread`)).channels;
  }

  /** Everything ever said in a channel. */
  async history(channelId: string): Promise<Message[]> {
    const all: Message[] = [];
    for (let after = '0'; ;) {
      const page = await this.must<Page<Message>>(
        `GET /channels/${channelId}/messages?after=${after}&limit=200`,
      );
      all.push(...page.data);
      if (page.nextCursor === null) return all;
      after = page.nextCursor;
    }
  }
}

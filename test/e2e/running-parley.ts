import { randomUUID } from 'node:crypto';
import type {
  AuthResult,
  Bootstrap,
  CreatedInvite,
  Message,
  MyChannel,
  MyWorkspace,
  Page,
  ParleyEvent,
} from '#contracts';
import { eventually, mailsIn, openStream, tokenIn, type EventStream, type ReadMail } from '#testing';
import { startInstance, type Instance, type InstanceOptions } from '../../deploy/local/instance.mjs';

export type Reply<T> = {
  status: number;
  body: T & { code?: string; errors?: { pointer: string }[] };
  headers: Headers;
};
type Call = { body?: unknown; token?: string | undefined; headers?: Record<string, string> };

/** A person who talks to Parley through the gateway. */
export class Person {
  constructor(
    readonly parley: RunningParley,
    readonly id: string,
    readonly email: string,
    readonly token: string,
    readonly sessionId: string,
  ) {}

  call<T>(route: string, body?: unknown): Promise<Reply<T>> {
    return this.parley.call<T>(route, { body, token: this.token });
  }

  send(channelId: string, text: string, clientMessageId: string = randomUUID()): Promise<Reply<Message>> {
    return this.call<Message>(`POST /channels/${channelId}/messages`, { clientMessageId, text });
  }

  async bootstrap(workspaceId: string): Promise<Bootstrap> {
    return (await this.call<Bootstrap>(`GET /workspaces/${workspaceId}/bootstrap`)).body;
  }

  async history(channelId: string): Promise<Message[]> {
    const all: Message[] = [];
    for (let after = 0; ;) {
      const { body } = await this.call<Page<Message>>(
        `GET /channels/${channelId}/messages?after=${after}&limit=200`,
      );
      all.push(...body.data);
      if (body.nextCursor === null) return all;
      after = Number(body.nextCursor);
    }
  }

  /** A message with more than a text: a thread, a poll, another one that it passes on. */
  async post(channelId: string, text: string, more: object = {}): Promise<Message> {
    const body = { clientMessageId: randomUUID(), text, ...more };
    return (await this.call<Message>(`POST /channels/${channelId}/messages`, body)).body;
  }

  /** A file as the body of a request. */
  upload<T>(path: string, body: Buffer, type: string): Promise<Reply<T>> {
    return this.parley.call<T>(`POST ${path}`, {
      body,
      token: this.token,
      headers: { 'content-type': type },
    });
  }

  async channel(workspaceId: string, more: object = {}): Promise<string> {
    const body = { name: `c-${randomUUID()}`, kind: 'public', ...more };
    return (await this.call<MyChannel>(`POST /workspaces/${workspaceId}/channels`, body)).body.channel.id;
  }

  /** A stream of one more device, from now on. */
  async listen(workspaceId: string): Promise<EventStream> {
    const stream = await this.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    return stream;
  }

  stream(workspaceId: string, lastEventId?: string): Promise<EventStream> {
    return openStream(`${this.parley.url}/api/v1/workspaces/${workspaceId}/events`, this.token, lastEventId);
  }
}

/** A whole Parley, five services and their engines, seen from outside. */
export class RunningParley {
  private constructor(readonly instance: Instance) {}

  static async start(options: InstanceOptions = {}): Promise<RunningParley> {
    return new RunningParley(
      await startInstance({
        ...options,
        env: { RATE_LIMIT_PER_MINUTE: '0', AUTH_RATE_LIMIT_PER_MINUTE: '0', ...options.env },
      }),
    );
  }

  get url(): string {
    return this.instance.url;
  }

  stop(): Promise<void> {
    return this.instance.stop();
  }

  async call<T>(route: string, { body, token, headers = {} }: Call = {}): Promise<Reply<T>> {
    const [method, path] = route.split(' ') as [string, string];
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text.startsWith('{') ? JSON.parse(text) : text) as Reply<T>['body'],
      headers: response.headers,
    };
  }

  async person(name: string): Promise<Person> {
    const email = `${name.toLowerCase()}-${randomUUID()}@example.org`;
    const { body } = await this.call<AuthResult>('POST /auth/register', {
      body: { email, name, password: 'correct horse' },
    });
    return new Person(this, body.user.id, email, body.accessToken as string, body.sessionId);
  }

  /** Lets people into a workspace by a link. */
  async admit(owner: Person, workspaceId: string, ...people: Person[]): Promise<void> {
    const { body } = await owner.call<CreatedInvite>(`POST /workspaces/${workspaceId}/invites`, {});
    for (const person of people) await person.call(`POST /invites/${body.token}/accept`);
  }

  /** The mail with this subject to an address, once it is there. */
  mailed(to: string, subject: string): Promise<ReadMail> {
    return eventually(
      async () => {
        const mails = await mailsIn(this.instance.env['MAIL_DIR'] as string, to);
        const mail = mails.findLast((one) => one.subject === subject);
        if (!mail) throw new Error(`no mail "${subject}" among ${mails.map((one) => one.subject).join()}`);
        return mail;
      },
      { timeoutMs: 15_000, everyMs: 100 },
    );
  }

  /** Confirms the address of somebody by the link in their mail. */
  async verify(person: Person): Promise<void> {
    const mail = await this.mailed(person.email, 'Confirm your e-mail address');
    await this.call('POST /auth/verify-email', { body: { token: tokenIn(mail) } });
  }

  /** Two people in one workspace and its #general. */
  async team(): Promise<{ ada: Person; bob: Person; workspaceId: string; channelId: string }> {
    const [ada, bob] = await Promise.all([this.person('Ada'), this.person('Bob')]);
    const { body: workspace } = await ada.call<MyWorkspace>('POST /workspaces', { name: 'Acme' });
    await this.admit(ada, workspace.id, bob);
    const [general] = (await ada.bootstrap(workspace.id)).channels as [MyChannel];
    return { ada, bob, workspaceId: workspace.id, channelId: general.channel.id };
  }
}

/** The next event of a type, and where it stands in the stream. */
export const nextEvent = async <Type extends ParleyEvent['type']>(
  stream: EventStream,
  type: Type,
  timeoutMs = 20_000,
) => {
  const frame = await stream.next((candidate) => candidate.event === type, timeoutMs);
  return {
    cursor: frame.id as string,
    event: JSON.parse(frame.data) as Extract<ParleyEvent, { type: Type }>,
  };
};

/** What is heard up to the next message, the mark of a test: what was told before it would be there, too. */
export const heardUntilMessage = async (stream: EventStream): Promise<ParleyEvent[]> => {
  const heard: ParleyEvent[] = [];
  while (heard.at(-1)?.type !== 'message.created')
    heard.push(JSON.parse((await stream.next()).data) as ParleyEvent);
  return heard;
};

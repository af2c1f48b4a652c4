import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { CallerKind, CreatedInvite, Message, MyChannel } from '#contracts';
import { eventually, tokenIn } from '#testing';
import { RunningChat, type Person } from '../running-chat.js';

export const PASSWORD = 'correct horse';
export const NEW_PASSWORD = 'lanterns over quiet water';

type Kind = Exclude<CallerKind, 'anonymous'>;
const outsiders: readonly CallerKind[] = ['anonymous', 'stranger', 'removed'];
let count = 0;

/** One workspace with a room in it, and somebody of every kind. */
export class World {
  readonly people = {} as Record<Kind, Person>;
  /** The workspace and its room. */
  w = '';
  c = '';
  /** A second room, with the same people in it. */
  elsewhere = '';
  /** Two more members, in both rooms, for whatever needs company. */
  bystander!: Person;
  companion!: Person;

  private constructor(
    readonly chat: RunningChat,
    private readonly client: Client,
  ) {}

  static async start(): Promise<World> {
    const chat = await RunningChat.start({ LINK_PREVIEWS: 'false' });
    const client = new Client({ connectionString: chat.database.url });
    await client.connect();
    const world = new World(chat, client);
    await world.populate();
    return world;
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.chat.stop();
  }

  /** Sends a request that has to succeed. */
  async do<T = unknown>(person: Person, route: string, body?: unknown, headers = {}): Promise<T> {
    const reply = await this.chat.call<T>(route, { token: person.token, body, headers });
    if (reply.status >= 300) throw new Error(`${route}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  async sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.client.query<T>(text, values)).rows;
  }

  get owner(): Person {
    return this.people.owner;
  }

  /** The caller, or for outsiders a member: whose something is that has to be the caller's own. */
  insider(caller: CallerKind): Person {
    return outsiders.includes(caller) ? this.people.member : this.people[caller as Kind];
  }

  /** The caller, or for anonymous ones a member. */
  account(caller: CallerKind): Person {
    return caller === 'anonymous' ? this.people.member : this.people[caller];
  }

  /** A name or handle that nothing has yet. */
  name(): string {
    return `x${(count += 1)}`;
  }

  address(): string {
    return `${randomUUID()}@example.org`;
  }

  /** Somebody else of the caller's kind, who may be used up. */
  async another(caller: CallerKind): Promise<Person> {
    if (caller === 'anonymous') return this.another('member');
    if (caller === 'bot') return this.people.bot;
    const person = await this.chat.person(caller);
    if (caller !== 'stranger') await this.enter(person, caller);
    if (caller === 'removed') await this.expel(person);
    return person;
  }

  /** The same person on another device. */
  async again(caller: CallerKind): Promise<Person> {
    const person = this.account(caller);
    if (caller === 'bot') return person;
    const { accessToken, sessionId, refreshToken } = await this.login(person);
    return { ...person, token: accessToken, refreshToken, sessionId };
  }

  async login({ email }: Person) {
    const { body } = await this.chat.call<{
      accessToken: string;
      refreshToken: string;
      sessionId: string;
      challenge: string;
    }>('POST /auth/login', { body: { email, password: PASSWORD } });
    return body;
  }

  /** A member of this workspace, and of the room if that is named. */
  async newMember(...channelIds: string[]): Promise<Person> {
    const person = await this.chat.person('Target');
    await this.accept(person, { role: 'member', channelIds });
    return person;
  }

  invite(by = this.owner, body: object = {}): Promise<CreatedInvite> {
    return this.do(by, `POST /workspaces/${this.w}/invites`, body);
  }

  async channel(): Promise<string> {
    const body = { name: this.name(), kind: 'public' };
    return (await this.do<MyChannel>(this.owner, `POST /workspaces/${this.w}/channels`, body)).channel.id;
  }

  /** The room; for whom it would be gone afterwards, a channel like it. */
  async channelToSpare(caller: CallerKind): Promise<string> {
    return caller === 'admin' || caller === 'owner' ? this.channel() : this.c;
  }

  /** The workspace; for its owner, who could do away with it, another one. */
  async workspaceToSpare(caller: CallerKind): Promise<{ id: string; name: string }> {
    if (caller !== 'owner') return { id: this.w, name: 'Acme' };
    const workspace = await this.chat.workspace(this.owner);
    await this.chat.invite(this.owner, workspace.id, this.people.member);
    return workspace;
  }

  message(sender = this.owner, more: object = {}): Promise<Message> {
    return this.do(sender, `POST /channels/${this.c}/messages`, {
      clientMessageId: randomUUID(),
      text: 'Good morning',
      ...more,
    });
  }

  /** A message of the owner that the caller has answered. */
  async thread(caller: CallerKind): Promise<Message> {
    const root = await this.message();
    await this.message(this.insider(caller), { threadId: root.id });
    return root;
  }

  /** What the link in the newest mail to somebody carries. */
  mailToken({ email }: Person, subject: string): Promise<string> {
    return eventually(
      async () => {
        const mails = (await this.chat.mailsTo(email)).filter((mail) => mail.subject === subject);
        if (mails.length === 0) throw new Error(`no mail "${subject}" to ${email}`);
        return tokenIn(mails.at(-1));
      },
      { timeoutMs: 20_000, everyMs: 50 },
    );
  }

  private async populate(): Promise<void> {
    this.people.owner = await this.chat.person('Owner');
    this.w = (await this.chat.workspace(this.owner)).id;
    this.c = await this.channel();
    this.elsewhere = await this.channel();
    for (const kind of ['admin', 'member', 'guest', 'removed', 'stranger'] as const)
      this.people[kind] = await this.another(kind);
    this.bystander = await this.newMember(this.c, this.elsewhere);
    this.companion = await this.newMember(this.c, this.elsewhere);
    const { body } = await this.chat.call<{ accessToken: string; userId: string }>('POST /auth/token', {
      body: { clientId: 'bot', clientSecret: this.chat.botSecret },
    });
    this.people.bot = {
      ...this.owner,
      id: body.userId,
      token: body.accessToken,
    };
    for (const c of [this.c, this.elsewhere])
      await this.do(this.owner, `POST /channels/${c}/members`, { userId: body.userId });
  }

  private async accept(person: Person, invite: object): Promise<void> {
    const { token } = await this.invite(this.owner, invite);
    await this.do(person, `POST /invites/${token}/accept`);
  }

  private async enter(person: Person, kind: Kind): Promise<void> {
    const role = kind === 'guest' ? 'guest' : 'member';
    await this.accept(person, { role, channelIds: [this.c, this.elsewhere] });
    if (kind === 'admin' || kind === 'owner')
      await this.do(this.owner, `PATCH /workspaces/${this.w}/members/${person.id}`, { role: kind });
  }

  private async expel(person: Person): Promise<void> {
    await this.do(this.owner, `DELETE /workspaces/${this.w}/members/${person.id}`);
  }
}

import { randomUUID } from 'node:crypto';
import type { Message, MyChannel } from '#contracts';
import { upload } from '../pictures.js';
import { RunningChat, type Person } from '../running-chat.js';

type Body = Record<string, unknown> & { id: string };

/** Ada owns the workspace, Bob is a member and Gus a guest; all are in the channel and talk to each other. */
export class World {
  private constructor(
    readonly chat: RunningChat,
    readonly ada: Person,
    readonly bob: Person,
    readonly gus: Person,
    readonly workspaceId: string,
    readonly channelId: string,
    readonly directId: string,
  ) {}

  static async create(): Promise<World> {
    const chat = await RunningChat.start();
    const [ada, bob, gus] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Gus')];
    const { id: workspaceId } = await chat.workspace(ada);
    await chat.invite(ada, workspaceId, bob, gus);
    const channelId = await chat.channel(ada, workspaceId);
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
    await chat.call(`POST /channels/${channelId}/members`, { body: { userId: gus.id }, token: ada.token });
    const role = { body: { role: 'guest' }, token: ada.token };
    await chat.call(`PATCH /workspaces/${workspaceId}/members/${gus.id}`, role);
    const direct = await chat.call<MyChannel>(`POST /workspaces/${workspaceId}/dms`, {
      body: { userIds: [bob.id] },
      token: ada.token,
    });
    return new World(chat, ada, bob, gus, workspaceId, channelId, direct.body.channel.id);
  }

  get people(): Person[] {
    return [this.ada, this.bob, this.gus];
  }

  /** Must succeed. */
  async do(who: Person, route: string, body?: unknown, headers: Record<string, string> = {}): Promise<Body> {
    const path = route
      .replace(/\/W(?=\/|$)/, `/workspaces/${this.workspaceId}`)
      .replace('/C/', `/channels/${this.channelId}/`);
    const reply = await this.chat.call<Body>(path, { body, token: who.token, headers });
    if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  async say(who: Person, text: string, more: object = {}, channelId = this.channelId): Promise<Message> {
    const body = { clientMessageId: randomUUID(), text, ...more };
    return (await this.do(who, `POST /channels/${channelId}/messages`, body)) as unknown as Message;
  }

  async channel(kind: 'public' | 'private' = 'public'): Promise<string> {
    const body = { name: `c-${randomUUID()}`, kind };
    const made = (await this.do(this.ada, 'POST /W/channels', body)) as unknown as MyChannel;
    return made.channel.id;
  }

  async newcomer(name: string): Promise<Person> {
    const person = await this.chat.person(name);
    await this.chat.invite(this.ada, this.workspaceId, person);
    return person;
  }

  async picture(): Promise<string> {
    return (await upload(this.chat, this.ada)).body.id;
  }
}

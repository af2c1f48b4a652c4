import type { EventStream, StreamFrame } from '#testing';
import { aChannel, aMessage, aMessageCreated, anEvent, aUser } from '#testing';
import type { Channel, User } from '#contracts';
import type { World } from './running-notify.js';

/** Publishes what chat would about one channel. */
export class Conversation {
  readonly channel: Channel;
  private seq = 0;

  constructor(
    private readonly world: World,
    workspaceId: string,
    channelId: string,
  ) {
    this.channel = aChannel({ id: channelId, workspaceId } as Partial<Channel>);
  }

  async say(text: string) {
    const { id: channelId, workspaceId } = this.channel;
    const message = aMessage({ channelId, workspaceId, text, seq: ++this.seq });
    const event = aMessageCreated(message);
    await this.world.publish(event, { scope: 'channel', id: channelId });
    return event;
  }

  async sayAll(texts: readonly string[]): Promise<void> {
    await Promise.all(texts.map((text) => this.say(text)));
  }

  joined(userId: string, version?: number): Promise<void> {
    const { id: channelId, workspaceId } = this.channel;
    const data = {
      user: aUser({ id: userId } as Partial<User>),
      role: 'member' as const,
      channel: this.channel,
      lastReadSeq: 0,
      ...(version === undefined ? {} : { version }),
    };
    const event = anEvent('member.joined', data, { workspaceId, channelId });
    return this.world.publish(event, { scope: 'channel', id: channelId });
  }

  left(userId: string, version?: number): Promise<void> {
    const { id: channelId, workspaceId } = this.channel;
    const data = {
      userId: userId as never,
      reason: 'removed' as const,
      ...(version === undefined ? {} : { version }),
    };
    const event = anEvent('member.left', data, { workspaceId, channelId });
    return this.world.publish(event, { scope: 'channel', id: channelId });
  }
}

const isEvent = (frame: StreamFrame) => frame.data !== '';
export const textOf = (frame: StreamFrame): string => {
  const { type, data } = JSON.parse(frame.data) as { type: string; data: { message?: { text: string } } };
  return data.message?.text ?? type;
};

/** The texts of messages (types of other events) up to and including `last`. */
export const heardUntil = async (stream: EventStream, last: string): Promise<string[]> => {
  const heard: string[] = [];
  while (heard.at(-1) !== last) heard.push(textOf(await stream.next(isEvent)));
  return heard;
};

/** What is still heard until the stream ends; null when it does not end in time. */
export const heardUntilEnd = async (stream: EventStream, timeoutMs = 20_000) => {
  const heard: string[] = [];
  const comments: string[] = [];
  const reading = (async () => {
    for await (const frame of stream) {
      if (isEvent(frame)) heard.push(textOf(frame));
      else if (frame.comment) comments.push(frame.comment);
    }
    return true;
  })();
  const ended = await Promise.race([
    reading,
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), timeoutMs)),
  ]);
  return ended ? { heard, comments } : null;
};

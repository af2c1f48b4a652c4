import {
  rpcSubjects,
  type Message,
  type MessageFacts,
  type NotificationFactsReply,
  type NotificationFactsRequest,
  type PersonFacts,
} from '#contracts';
import { aMessage, aMessageCreated, anEvent } from '#testing';
import type { Person, World } from './running-notify.js';

/** How somebody stands to a message that is nothing special. */
export const person = (userId: string, facts: Partial<PersonFacts> = {}): PersonFacts => ({
  userId: userId as never,
  canRead: true,
  named: false,
  grouped: false,
  muted: false,
  level: 'default',
  lastReadSeq: 0,
  following: false,
  threadLevel: 'default',
  threadLastReadSeq: 0,
  recentlyActive: false,
  dndUntil: null,
  quietHours: null,
  timeZone: null,
  locale: null,
  emailVerified: true,
  ...facts,
});

/** Stands in for chat where it is asked who might want to know of messages, and says what it would tell. */
export class ToldFacts {
  readonly requests: NotificationFactsRequest[] = [];
  /** Null plays a chat that does not answer. */
  answer: ((asked: NotificationFactsRequest['messages'][number]) => MessageFacts | null) | null = null;
  /** Runs before each answer. */
  before: () => Promise<void> = () => Promise.resolve();
  private seq = 0;

  constructor(private readonly world: World) {
    world.bus.nats.subscribe(rpcSubjects.notificationFacts, {
      callback: (_error, message) => {
        const request = message.json<NotificationFactsRequest>();
        this.requests.push(request);
        const { answer } = this;
        if (!answer) return;
        void this.before().then(() => {
          const data: NotificationFactsReply = { messages: request.messages.map(answer) };
          message.respond(JSON.stringify({ data }));
        });
      },
    });
  }

  /** Everyone in one answer, the same for each message. */
  always(people: PersonFacts[], about: Partial<MessageFacts> = {}): void {
    this.answer = () => ({ direct: false, wide: null, people, next: null, ...about });
  }

  /** A new message in a channel, as yet untold. */
  message(of: Pick<Person, 'workspaceId'>, channelId: string, fields: Partial<Message> = {}): Message {
    return aMessage({
      workspaceId: of.workspaceId as never,
      channelId: channelId as never,
      seq: ++this.seq,
      version: 1,
      ...fields,
    });
  }

  created(message: Message): Promise<void> {
    return this.world.publish(aMessageCreated(message), { scope: 'channel', id: message.channelId });
  }

  changed(type: 'message.updated' | 'message.deleted', message: Message): Promise<void> {
    const { workspaceId, channelId } = message;
    const time = message.editedAt ? { time: message.editedAt } : {};
    return this.world.publish(anEvent(type, { message }, { workspaceId, channelId, ...time }), {
      scope: 'channel',
      id: channelId,
    });
  }

  /** A reader's cursor stands there now. */
  read(reader: Person, channelId: string, lastReadSeq: number): Promise<void> {
    const data = {
      channelId: channelId as never,
      lastReadSeq,
      lastReadOrdinal: lastReadSeq,
      cursorVersion: 1,
      movedAtSeq: lastReadSeq,
      removedSeqs: [],
      mentionSeqs: [],
    };
    const about = {
      workspaceId: reader.workspaceId as never,
      channelId: channelId as never,
      actorId: reader.userId as never,
    };
    return this.world.publish(anEvent('read_cursor.updated', data as never, about), {
      scope: 'user',
      id: reader.userId,
    });
  }
}

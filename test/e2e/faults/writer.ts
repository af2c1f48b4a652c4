import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '#contracts';
import type { Command } from './history.ts';
import type { Outcome, Person } from './person.ts';
import { between, oneOf, randomFor, weighted, type Random } from './random.ts';
import type { Room } from './town.ts';

/** What a writer does, and how often. */
const HABITS = { send: 60, reply: 8, mention: 6, edit: 10, delete: 4, read: 9, unread: 3 };
/** Beyond this nobody waits; whether the message was sent is then unknown. */
const GIVE_UP_AFTER_MS = 45_000;
const KEPT = 50;

type Wish = Omit<Command, 'invokedAt' | 'ackedAt' | 'personId'>;
type Doing = { readonly route: string; readonly body?: object; readonly wish: Wish };

/** Writes into channels, one thing after the other, each repeated until the outcome is known. */
export class Writer {
  readonly #person: Person;
  readonly #rooms: readonly Room[];
  readonly #record: (command: Command) => void;
  readonly #random: Random;
  readonly #pauseMs: number;
  /** Of one's own messages the newest, to change later. */
  readonly #mine: { id: string; seq: number; channelId: string; reply: boolean }[] = [];
  #number = 0;

  constructor(
    person: Person,
    options: { rooms: readonly Room[]; seed: number; pauseMs: number; record: (command: Command) => void },
  ) {
    this.#person = person;
    this.#rooms = options.rooms;
    this.#record = options.record;
    this.#pauseMs = options.pauseMs;
    this.#random = randomFor(options.seed, person.name);
  }

  async run(going: () => boolean): Promise<void> {
    while (going()) {
      await this.#do(this.#next());
      await delay(between(this.#random, 0, 2 * this.#pauseMs));
    }
  }

  #next(): Doing {
    const habit = weighted(this.#random, HABITS);
    const room = oneOf(this.#random, this.#rooms);
    const own = this.#mine.length > 0 ? oneOf(this.#random, this.#mine) : undefined;
    if (own && habit === 'edit') return this.#edit(own.channelId, own.id);
    if (own && habit === 'delete') return this.#delete(own.channelId, own.id);
    if (own && habit === 'read') return this.#move('read', own.channelId, own.seq);
    if (own && habit === 'unread') return this.#move('unread', own.channelId, own.seq);
    if (own && habit === 'reply' && !own.reply)
      return this.#send(own.channelId, this.#words(), { threadId: own.id });
    const called = habit === 'mention' ? `<@${oneOf(this.#random, room.memberIds)}> ` : '';
    return this.#send(room.id, `${called}${this.#words()}`);
  }

  #words(): string {
    return `${this.#person.name} says ${++this.#number}`;
  }

  #send(channelId: string, text: string, more: object = {}): Doing {
    const clientMessageId = randomUUID();
    const body = { clientMessageId, text, ...more };
    return {
      route: `POST /channels/${channelId}/messages`,
      body,
      wish: { kind: 'send', channelId, clientMessageId, text },
    };
  }

  #edit(channelId: string, messageId: string): Doing {
    const text = this.#words();
    const wish = { kind: 'edit', channelId, messageId, text } as const;
    return { route: `PATCH /messages/${messageId}`, body: { text }, wish };
  }

  #delete(channelId: string, messageId: string): Doing {
    this.#forget(messageId);
    return { route: `DELETE /messages/${messageId}`, wish: { kind: 'delete', channelId, messageId } };
  }

  #move(kind: 'read' | 'unread', channelId: string, seq: number): Doing {
    const route =
      kind === 'read' ? `PUT /channels/${channelId}/read-cursor` : `POST /channels/${channelId}/mark-unread`;
    return { route, body: { seq }, wish: { kind, channelId } };
  }

  #forget(messageId: string): void {
    const index = this.#mine.findIndex(({ id }) => id === messageId);
    if (index >= 0) this.#mine.splice(index, 1);
  }

  async #do({ route, body, wish }: Doing): Promise<void> {
    const invokedAt = Date.now();
    const outcome: Outcome<Message> = await this.#person.insist<Message>(route, body, GIVE_UP_AFTER_MS);
    const command = { ...wish, personId: this.#person.id, invokedAt };
    // What is deleted already was deleted by the attempt whose reply was lost.
    const repeated = wish.kind === 'delete' && outcome.kind === 'refused' && outcome.status === 404;
    if (outcome.kind === 'unknown' || repeated) return this.#record({ ...command, ackedAt: null });
    if (outcome.kind === 'refused')
      throw new Error(`${this.#person.name}: ${route} was refused: ${outcome.status} ${outcome.code}`);
    const ackedAt = Date.now();
    if (wish.kind !== 'send') return this.#record({ ...command, ackedAt });
    const { id, seq } = outcome.body;
    this.#record({ ...command, ackedAt, message: { id, seq } });
    this.#mine.push({ id, seq, channelId: wish.channelId, reply: 'threadId' in (body ?? {}) });
    if (this.#mine.length > KEPT) this.#mine.shift();
  }
}

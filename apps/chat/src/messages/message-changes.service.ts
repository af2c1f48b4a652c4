import { Injectable } from '@nestjs/common';
import {
  parseMentions,
  type EditMessage,
  type EventOf,
  type Message,
  type MessageId,
  type UserId,
  type Wording,
} from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal, requireVersion } from '#platform';
import type { ChannelAccess } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { newEvent } from '../events/new-event.js';
import { MessageAccess } from './message-access.js';
import { MessageChangesRepository } from './message-changes.repository.js';
import { mayDelete, presentMessage, type MessageRow } from './message.js';
import { isWide, mentionsOf, mentionTargets } from './new-message.js';
import { clear } from './posting.js';

type ChangeEvent = 'message.updated' | 'message.deleted' | 'reaction.added' | 'reaction.removed';
/** What the event tells besides the message. */
type More<Type extends ChangeEvent> = Omit<EventOf<Type>['data'], 'message'>;

/** Whatever happens to a message after it was sent. */
@Injectable()
export class MessageChanges {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly messages: MessageChangesRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The time, for whatever is hung on a message. */
  now(): Date {
    return this.clock.now();
  }

  /**
   * To be called by whoever changed a message, or hung something on it, in their transaction: makes it the
   * next version and tells the channel, with the whole message.
   */
  async changed<Type extends ChangeEvent>(
    tx: Tx,
    id: MessageId,
    type: Type,
    actorId: UserId,
    more: More<Type>,
  ): Promise<Message> {
    const row = await this.messages.touch(tx, id);
    const message = presentMessage(row);
    const { workspaceId, channelId, seq } = row;
    const about = { workspaceId, channelId, actorId, seq, time: this.clock.now() };
    const data = { message, ...more } as unknown as EventOf<Type>['data'];
    await this.outbox.append(tx, newEvent(type, about, data), { scope: 'channel', id: channelId });
    return message;
  }

  /** The message for as long as the transaction lasts; throws `message.not_found` and `message.deleted`. */
  async lock(tx: Tx, id: MessageId): Promise<MessageRow> {
    const message = await this.messages.lock(tx, id);
    if (!message) throw new DomainError('message.not_found');
    if (message.deletedAt) throw new DomainError('message.deleted');
    return message;
  }

  /** The same, whatever has become of it. */
  lockIfAny(tx: Tx, id: MessageId): Promise<MessageRow | null> {
    return this.messages.lock(tx, id);
  }

  async edit(caller: Principal, id: MessageId, { text }: EditMessage, ifMatch?: string): Promise<Message> {
    const { channel } = await this.access.writable(caller, id);
    const mentions = mentionsOf({ text });
    if (isWide({ mentions })) requireWide(channel);
    return this.database.transaction(async (tx) => {
      const message = await this.lock(tx, id);
      if (message.senderId !== caller.userId) throw new DomainError('message.not_author');
      requireVersion(ifMatch, message.version);
      if (message.text === text) return presentMessage(message);
      await this.messages.edit(tx, id, {
        text,
        editedAt: this.clock.now(),
        mentions: parseMentions(text),
        targets: mentionTargets(mentions, message),
      });
      return this.changed(tx, id, 'message.updated', caller.userId, {});
    });
  }

  /** Deleting a deleted message changes nothing. */
  async delete(caller: Principal, id: MessageId): Promise<void> {
    const { channel } = await this.access.writable(caller, id);
    const moderator = channel.channelRole === 'admin' || allows(channel, 'message.delete_any');
    await this.database.transaction(async (tx) => {
      const message = await this.messages.lock(tx, id);
      if (!message) throw new DomainError('message.not_found');
      if (!mayDelete(message, caller.userId, moderator)) throw new DomainError('message.not_author');
      if (message.deletedAt) return;
      await this.messages.bury(tx, id, this.clock.now());
      await this.changed(tx, id, 'message.deleted', caller.userId, {});
      if (message.threadId) await this.shrinkThread(tx, message.threadId, caller.userId);
    });
  }

  /** Sums a thread up anew after a reply went. */
  async shrinkThread(tx: Tx, rootId: MessageId, actorId: UserId): Promise<void> {
    await this.messages.shrinkThread(tx, rootId);
    await this.changed(tx, rootId, 'message.updated', actorId, {});
  }

  /** Every wording of a message, the present one last. */
  async history(caller: Principal, id: MessageId): Promise<Wording[]> {
    const message = await this.access.readable(caller, id);
    if (message.deletedAt) throw new DomainError('message.deleted');
    const present = (version: number, text: string, at: Date) => ({
      version,
      text,
      writtenAt: at.toISOString(),
    });
    return [
      ...(await this.messages.wordings(id)).map((row) => present(row.version, row.text, row.writtenAt)),
      present(message.version, message.text, message.editedAt ?? message.createdAt),
    ];
  }
}

const requireWide = (channel: ChannelAccess): void => {
  const cleared = clear({ ...channel, posting: 'everyone' }, true);
  if ('code' in cleared) throw new DomainError(cleared.code);
};

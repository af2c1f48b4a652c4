import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId } from '#contracts';
import { DomainError } from '#platform';
import { AccessService, type Asker, type ChannelAccess } from '../access/access.service.js';
import type { MessageRow } from './message.js';
import { MessagesRepository } from './messages.repository.js';

/** Who may read a message, and who may do something to it. */
@Injectable()
export class MessageAccess {
  constructor(
    private readonly access: AccessService,
    private readonly messages: MessagesRepository,
  ) {}

  /** A message of a channel that the caller may read; throws `message.not_found`. */
  async readable(caller: Asker, id: MessageId): Promise<MessageRow> {
    return (await this.find(caller, id)).message;
  }

  /** Also asks that the caller is in the channel and that it is open: `channel.not_member`, `channel.archived`. */
  async writable(caller: Asker, id: MessageId): Promise<{ message: MessageRow; channel: ChannelAccess }> {
    const found = await this.find(caller, id);
    if (!found.channel.channelRole) throw new DomainError('channel.not_member');
    if (found.channel.archivedAt) throw new DomainError('channel.archived');
    return found;
  }

  /** A message of the channel that can be replied to; throws `thread.not_found`. */
  async threadRoot(caller: Asker, channelId: ChannelId, id: MessageId, pointer: string): Promise<MessageRow> {
    const found = await this.search(caller, id);
    const root = found?.message;
    if (root?.channelId === channelId && root.threadId === null && !root.deletedAt) return root;
    throw new DomainError('thread.not_found', {
      errors: [{ pointer, detail: 'is no message of this channel that can be replied to' }],
    });
  }

  /** A channel that the caller is in. */
  joinedChannel(caller: Asker, channelId: ChannelId): Promise<ChannelAccess> {
    return this.access.joinedChannel(caller, channelId);
  }

  private async find(caller: Asker, id: MessageId): Promise<{ message: MessageRow; channel: ChannelAccess }> {
    const found = await this.search(caller, id);
    if (!found) throw new DomainError('message.not_found');
    return found;
  }

  private async search(caller: Asker, id: MessageId) {
    const message = await this.messages.find(id);
    const channel = message && (await this.access.findChannel(caller, message.channelId));
    return channel ? { message, channel } : null;
  }
}

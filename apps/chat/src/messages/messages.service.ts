import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type {
  ChannelId,
  EditMessage,
  HistoryQuery,
  Message,
  MessageId,
  MessagePage,
  SendMessage,
  WorkspaceId,
} from '#contracts';
import { Database, Outbox, type Tx } from '#db';
import { currentTraceparent, DomainError, type Principal } from '#platform';
import { AccessService, type ChannelAccess } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { newEvent } from '../events/new-event.js';
import { mayDelete, presentMessage, type MessageRow } from './message.js';
import { MessageWriter } from './message-writer.js';
import { MessagesRepository } from './messages.repository.js';
import { newMessage } from './new-message.js';

/** Sending, reading, editing and deleting messages. */
@Injectable()
export class MessagesService {
  /** A channel never changes its workspace. */
  private readonly workspaceOf = new LRUCache<ChannelId, WorkspaceId>({ max: 100_000 });

  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly messages: MessagesRepository,
    private readonly writer: MessageWriter,
    private readonly outbox: Outbox,
  ) {}

  /** The stored message as JSON, and whether this call stored it. */
  async send(
    caller: Principal,
    channelId: ChannelId,
    input: SendMessage,
  ): Promise<{ json: string; created: boolean }> {
    const workspaceId = this.workspaceOf.get(channelId) ?? (await this.findWorkspace(channelId));
    const message = newMessage({
      ...input,
      workspaceId,
      channelId,
      senderId: caller.userId,
      traceparent: currentTraceparent(),
    });
    const sent = await this.writer.send(message);
    switch (sent.verdict) {
      case 'sent':
      case 'known':
        return { json: sent.json, created: sent.verdict === 'sent' };
      case 'id_reused':
        throw new DomainError('message.id_reused', {
          errors: [{ pointer: '/clientMessageId', detail: 'was used in another channel' }],
        });
      case 'archived':
        throw new DomainError('channel.archived');
      case 'not_member':
        // Told apart only here, off the hot path: a private channel does not exist for strangers.
        await this.access.channel(caller, channelId);
        throw new DomainError('channel.not_member');
    }
  }

  async page(
    caller: Principal,
    channelId: ChannelId,
    { before, after, limit }: HistoryQuery,
  ): Promise<MessagePage> {
    const rows = await this.messages.page(channelId, caller.userId, { before, after }, limit + 1);
    if (!rows) throw new DomainError('channel.not_found');
    const more = rows.length > limit;
    const forward = after !== undefined;
    const data = (forward ? rows.slice(0, limit) : rows.slice(-limit)).map(presentMessage);
    const edge = forward ? data.at(-1) : data[0];
    return { data, nextCursor: more && edge ? String(edge.seq) : null };
  }

  async get(caller: Principal, id: MessageId): Promise<Message> {
    const message = await this.messages.find(id);
    if (message && (await this.mayRead(caller, message.channelId))) return presentMessage(message);
    throw new DomainError('message.not_found');
  }

  /** Messages by id, in the order of the ids; whoever asks has checked access. */
  async present(ids: readonly string[]): Promise<Message[]> {
    const rows = new Map((await this.messages.byIds(ids)).map((row) => [row.id as string, row]));
    return ids.flatMap((id) => rows.get(id) ?? []).map(presentMessage);
  }

  async edit(caller: Principal, id: MessageId, { text }: EditMessage): Promise<Message> {
    const { channel } = await this.find(caller, id);
    return this.database.transaction(async (tx) => {
      const message = await this.lockLive(tx, id);
      if (message.senderId !== caller.userId) throw new DomainError('message.not_author');
      if (message.deletedAt) throw new DomainError('message.deleted');
      if (message.text === text) return presentMessage(message);
      const editedAt = new Date();
      await this.messages.edit(tx, id, text, editedAt);
      const edited = { ...message, text, editedAt };
      await this.emit(tx, 'message.updated', caller, channel, edited, editedAt);
      return presentMessage(edited);
    });
  }

  /** Deleting a deleted message changes nothing. */
  async delete(caller: Principal, id: MessageId): Promise<void> {
    const { channel } = await this.find(caller, id);
    const moderator = allows(channel, 'message.delete_any');
    await this.database.transaction(async (tx) => {
      const message = await this.lockLive(tx, id);
      if (!mayDelete(message, caller.userId, moderator)) throw new DomainError('message.not_author');
      if (message.deletedAt) return;
      const deletedAt = new Date();
      await this.messages.delete(tx, id, deletedAt);
      await this.emit(tx, 'message.deleted', caller, channel, { ...message, text: '', deletedAt }, deletedAt);
    });
  }

  /** The message and its channel, of which the caller must be a member to write. */
  private async find(caller: Principal, id: MessageId): Promise<{ channel: ChannelAccess }> {
    const message = await this.messages.find(id);
    if (!message || !(await this.mayRead(caller, message.channelId)))
      throw new DomainError('message.not_found');
    const channel = await this.access.joinedChannel(caller, message.channelId);
    if (channel.archivedAt) throw new DomainError('channel.archived');
    return { channel };
  }

  private async lockLive(tx: Tx, id: MessageId): Promise<MessageRow> {
    const message = await this.messages.lock(tx, id);
    if (!message) throw new DomainError('message.not_found');
    return message;
  }

  private async emit(
    tx: Tx,
    type: 'message.updated' | 'message.deleted',
    caller: Principal,
    channel: ChannelAccess,
    row: MessageRow,
    time: Date,
  ): Promise<void> {
    const about = {
      workspaceId: row.workspaceId,
      channelId: row.channelId,
      actorId: caller.userId,
      seq: row.seq,
      time,
    };
    await this.outbox.append(tx, newEvent(type, about, { message: presentMessage(row) }), {
      scope: 'channel',
      id: channel.id,
    });
  }

  private mayRead(caller: Principal, channelId: ChannelId): Promise<boolean> {
    return this.access.channel(caller, channelId).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DomainError) return false;
        throw error;
      },
    );
  }

  private async findWorkspace(channelId: ChannelId): Promise<WorkspaceId> {
    const workspaceId = await this.messages.findWorkspaceOf(channelId);
    if (!workspaceId) throw new DomainError('channel.not_found');
    this.workspaceOf.set(channelId, workspaceId);
    return workspaceId;
  }
}

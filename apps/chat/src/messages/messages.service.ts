import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type {
  ChannelId,
  HistoryQuery,
  Message,
  MessageId,
  MessagePage,
  SendMessage,
  WorkspaceId,
} from '#contracts';
import { currentTraceparent, DomainError, type Principal } from '#platform';
import { AccessService, type Asker } from '../access/access.service.js';
import { MessageAccess } from './message-access.js';
import { MessageWriter, type Sent } from './message-writer.js';
import { forwardOf, presentMessage, type MessageRow } from './message.js';
import { MessagesRepository } from './messages.repository.js';
import { isWide, newMessage, type NewMessage } from './new-message.js';
import { PollOpening } from './poll-opening.js';
import { clear } from './posting.js';

/** Sending and reading messages. */
@Injectable()
export class MessagesService {
  /** A channel never changes its workspace. */
  private readonly workspaceOf = new LRUCache<ChannelId, WorkspaceId>({ max: 100_000 });

  constructor(
    private readonly access: AccessService,
    private readonly messageAccess: MessageAccess,
    private readonly messages: MessagesRepository,
    private readonly writer: MessageWriter,
    private readonly polls: PollOpening,
  ) {}

  /** The stored message as JSON, and whether this call stored it. */
  async send(
    caller: Asker,
    channelId: ChannelId,
    input: SendMessage,
  ): Promise<{ json: string; created: boolean }> {
    const workspaceId = this.workspaceOf.get(channelId) ?? (await this.findWorkspace(channelId));
    const { poll, forwardOf: forwarded, ...rest } = input;
    const message = newMessage({
      ...rest,
      workspaceId,
      channelId,
      senderId: caller.userId,
      traceparent: currentTraceparent(),
      ...(poll ? { poll: await this.polls.define(caller, channelId, poll) } : {}),
      ...(forwarded ? { forwarded: await this.passedOn(caller, forwarded) } : {}),
    });
    // Before the message, so that no poll can stay open for want of it; without a message it does nothing.
    if (message.poll?.closesAt) await this.polls.planClosing(message.id, message.poll.closesAt);
    const first = await this.writer.send(message);
    const sent = await this.cleared(caller, message, first);
    switch (sent.verdict) {
      case 'sent':
      case 'known':
        return { json: sent.json, created: sent.verdict === 'sent' };
      case 'id_reused':
        throw new DomainError('message.id_reused', {
          errors: [{ pointer: '/clientMessageId', detail: 'was used in another channel' }],
        });
      case 'no_thread':
        throw new DomainError('thread.not_found', {
          errors: [{ pointer: '/threadId', detail: 'is no message of this channel that can be replied to' }],
        });
      case 'slow_mode':
        throw new DomainError('message.slow_mode', { retryAfter: Math.max(1, sent.wait) });
      case 'archived':
        throw new DomainError('channel.archived');
      case 'restricted':
        throw new DomainError('channel.read_only');
      case 'not_member':
        // Told apart only here, off the hot path: a private channel does not exist for strangers.
        await this.access.channel(caller, channelId);
        throw new DomainError('channel.not_member');
    }
  }

  async page(
    caller: Principal,
    channelId: ChannelId,
    { before, after, around, limit }: HistoryQuery,
  ): Promise<MessagePage> {
    if (around !== undefined) return this.around(caller, channelId, around, limit);
    const rows = await this.messages.page(channelId, caller.userId, { before, after }, limit + 1);
    if (!rows) throw new DomainError('channel.not_found');
    return cut(rows, limit, after !== undefined);
  }

  /** Ends before the middle where history does; `nextCursor` leads to what is older. */
  private async around(
    caller: Asker,
    channelId: ChannelId,
    seq: number,
    limit: number,
  ): Promise<MessagePage> {
    const half = Math.ceil(limit / 2);
    const [older, newer] = await Promise.all([
      this.messages.page(channelId, caller.userId, { before: seq }, half + 1),
      this.messages.page(channelId, caller.userId, { after: seq - 1 }, limit - half),
    ]);
    if (!older || !newer) throw new DomainError('channel.not_found');
    const before = cut(older, half, false);
    const data = [...before.data, ...newer.map(presentMessage)];
    return { data, nextCursor: before.nextCursor && String(data[0]?.seq) };
  }

  /** The replies of a thread; none when nobody has replied yet. */
  async replies(
    caller: Principal,
    rootId: MessageId,
    { before, after, limit }: HistoryQuery,
  ): Promise<MessagePage> {
    await this.messageAccess.readable(caller, rootId);
    return cut(await this.messages.replies(rootId, { before, after }, limit + 1), limit, after !== undefined);
  }

  async get(caller: Principal, id: MessageId): Promise<Message> {
    return presentMessage(await this.messageAccess.readable(caller, id));
  }

  /** Messages by id, in the order of the ids; whoever asks has checked access. */
  async present(ids: readonly string[]): Promise<Message[]> {
    const rows = new Map((await this.messages.byIds(ids)).map((row) => [row.id as string, row]));
    return ids.flatMap((id) => rows.get(id) ?? []).map(presentMessage);
  }

  /** Judges by the rules what the statement left open, and sends again what they allow. */
  private async cleared(caller: Asker, message: NewMessage, sent: Sent): Promise<Sent> {
    if (sent.verdict !== 'restricted' && sent.verdict !== 'slow_mode') return sent;
    const channel = await this.access.channel(caller, message.channelId);
    const judged = clear(channel, isWide(message));
    if ('code' in judged) throw new DomainError(judged.code);
    if (sent.verdict === 'slow_mode' && judged.clearance === 'member') return sent;
    return this.writer.send({ ...message, clearance: judged.clearance });
  }

  private async passedOn(caller: Asker, id: MessageId) {
    const message = await this.messageAccess.readable(caller, id);
    if (message.deletedAt) throw new DomainError('message.deleted');
    return forwardOf(message);
  }

  private async findWorkspace(channelId: ChannelId): Promise<WorkspaceId> {
    const workspaceId = await this.messages.findWorkspaceOf(channelId);
    if (!workspaceId) throw new DomainError('channel.not_found');
    this.workspaceOf.set(channelId, workspaceId);
    return workspaceId;
  }
}

const cut = (rows: MessageRow[], limit: number, forward: boolean): MessagePage => {
  const more = rows.length > limit;
  const data = (forward ? rows.slice(0, limit) : rows.slice(-limit)).map(presentMessage);
  const edge = forward ? data.at(-1) : data[0];
  return { data, nextCursor: more && edge ? String(edge.seq) : null };
};

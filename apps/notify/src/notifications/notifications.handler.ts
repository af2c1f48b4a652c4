import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  ChannelDeleted,
  MemberLeft,
  MeUpdated,
  MessageCreated,
  MessageDeleted,
  MessageUpdated,
  ReadCursorsUpdated,
  ReadCursorUpdated,
  ThreadFollowed,
  ThreadsRead,
  WorkspaceDeleted,
} from '#contracts';
import type { Seen } from './notification.js';
import { NotifierService } from './notifier.service.js';
import { SightingsService } from './sightings.service.js';

/** An edit and its event are made within this time; what is told of the message later is no edit. */
const EDIT_WITHIN_MS = 10_000;

/** What happens in chat that makes notifications, or ends them. */
@Controller()
export class NotificationsHandler {
  constructor(
    private readonly notifier: NotifierService,
    private readonly sightings: SightingsService,
  ) {}

  @EventPattern<string>('message.created')
  async created(@Payload({ schema: MessageCreated }) { data }: MessageCreated): Promise<void> {
    const { message } = data;
    // A copy that came by moving begins with a higher version: whom it concerned was told before.
    if (message.version > 1) return;
    const { senderId: userId, channelId, threadId, seq } = message;
    const shown = threadId === undefined || message.inChannel === true;
    const seen: Seen[] = [
      // Whoever writes has read what was there before.
      ...(shown ? [{ userId, scope: 'channel' as const, scopeId: channelId, seq }] : []),
      ...(threadId ? [{ userId, scope: 'thread' as const, scopeId: threadId, seq }] : []),
    ];
    await Promise.all([this.notifier.notify({ message, edited: false }), this.sightings.see(seen)]);
  }

  @EventPattern<string>('message.updated')
  async updated(@Payload({ schema: MessageUpdated }) { data, time }: MessageUpdated): Promise<void> {
    const { message } = data;
    if (!message.mentions?.length || message.editedAt === null || message.deletedAt !== null) return;
    if (Date.parse(time) - Date.parse(message.editedAt) > EDIT_WITHIN_MS) return;
    await this.notifier.notify({ message, edited: true });
  }

  @EventPattern<string>('message.deleted')
  deleted(@Payload({ schema: MessageDeleted }) { data }: MessageDeleted): Promise<void> {
    return this.sightings.messageGone(data.message.id);
  }

  @EventPattern<string>('read_cursor.updated')
  read(@Payload({ schema: ReadCursorUpdated }) { actorId: userId, data }: ReadCursorUpdated): Promise<void> {
    return this.sightings.see([{ userId, scope: 'channel', scopeId: data.channelId, seq: data.lastReadSeq }]);
  }

  @EventPattern<string>('read_cursors.updated')
  readMany(
    @Payload({ schema: ReadCursorsUpdated }) { actorId: userId, data }: ReadCursorsUpdated,
  ): Promise<void> {
    return this.sightings.see(
      data.cursors.map((cursor) => ({
        userId,
        scope: 'channel',
        scopeId: cursor.channelId,
        seq: cursor.lastReadSeq,
      })),
    );
  }

  @EventPattern<string>('thread.followed')
  readThread(@Payload({ schema: ThreadFollowed }) { actorId: userId, data }: ThreadFollowed): Promise<void> {
    const { threadId, lastReadSeq } = data.membership;
    return this.sightings.see([{ userId, scope: 'thread', scopeId: threadId, seq: lastReadSeq }]);
  }

  @EventPattern<string>('threads.read')
  readThreads(@Payload({ schema: ThreadsRead }) { actorId: userId, data }: ThreadsRead): Promise<void> {
    return this.sightings.see(
      data.memberships.map(({ threadId, lastReadSeq }) => ({
        userId,
        scope: 'thread',
        scopeId: threadId,
        seq: lastReadSeq,
      })),
    );
  }

  @EventPattern<string>('member.left')
  async left(@Payload({ schema: MemberLeft }) { workspaceId, channelId, data }: MemberLeft): Promise<void> {
    if (workspaceId) await this.sightings.left(data.userId, workspaceId, channelId);
  }

  @EventPattern<string>('channel.deleted')
  channelGone(@Payload({ schema: ChannelDeleted }) { data }: ChannelDeleted): Promise<void> {
    return this.sightings.channelGone(data.channelId);
  }

  @EventPattern<string>('me.updated')
  async account(@Payload({ schema: MeUpdated }) { data }: MeUpdated): Promise<void> {
    if (data.me.deleted) await this.sightings.accountGone(data.me.id);
  }

  @EventPattern<string>('workspace.deleted')
  workspaceGone(@Payload({ schema: WorkspaceDeleted }) { data }: WorkspaceDeleted): Promise<void> {
    return this.sightings.workspaceGone(data.workspaceId);
  }
}

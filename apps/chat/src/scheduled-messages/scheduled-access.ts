import { Injectable } from '@nestjs/common';
import type { ScheduledMessageId, ScheduleMessage, WorkspaceId } from '#contracts';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { MessageAccess } from '../messages/message-access.js';
import type { ScheduledRow } from './scheduled-message.js';
import { ScheduledMessagesRepository } from './scheduled-messages.repository.js';

/** Everyone sees and changes their own; whether one may post is asked again when it is sent. */
@Injectable()
export class ScheduledAccess {
  constructor(
    private readonly access: AccessService,
    private readonly messages: MessageAccess,
    private readonly scheduled: ScheduledMessagesRepository,
  ) {}

  async workspace(caller: Principal, workspaceId: WorkspaceId): Promise<void> {
    await this.access.workspace(caller, workspaceId);
  }

  async mine(caller: Principal, workspaceId: WorkspaceId, id: ScheduledMessageId): Promise<ScheduledRow> {
    await this.access.workspace(caller, workspaceId);
    const row = await this.scheduled.find(id, caller.userId, workspaceId);
    if (!row) throw new DomainError('scheduled_message.not_found');
    return row;
  }

  /** That the caller is where they want to write to. */
  async writable(
    caller: Principal,
    workspaceId: WorkspaceId,
    { channelId, threadId }: Pick<ScheduleMessage, 'channelId' | 'threadId'>,
  ): Promise<void> {
    await this.access.workspace(caller, workspaceId);
    const channel = await this.access.findChannel(caller, channelId);
    if (channel?.workspaceId !== workspaceId)
      throw new DomainError('channel.not_found', {
        errors: [{ pointer: '/channelId', detail: 'is no channel of this workspace' }],
      });
    if (!channel.channelRole) throw new DomainError('channel.not_member');
    if (channel.archivedAt) throw new DomainError('channel.archived');
    if (threadId) await this.messages.threadRoot(caller, channelId, threadId, '/threadId');
  }
}

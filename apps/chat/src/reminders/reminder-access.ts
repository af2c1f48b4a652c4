import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, WorkspaceId } from '#contracts';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { MessageAccess } from '../messages/message-access.js';

/** Everyone has reminders of their own, about messages that they may read. */
@Injectable()
export class ReminderAccess {
  constructor(
    private readonly access: AccessService,
    private readonly messages: MessageAccess,
  ) {}

  async workspace(caller: Principal, workspaceId: WorkspaceId): Promise<void> {
    await this.access.workspace(caller, workspaceId);
  }

  /** The message that is meant, if one is. */
  async about(
    caller: Principal,
    workspaceId: WorkspaceId,
    id: MessageId | undefined,
  ): Promise<{ id: MessageId; channelId: ChannelId } | null> {
    await this.access.workspace(caller, workspaceId);
    if (id === undefined) return null;
    const message = await this.messages.readable(caller, id);
    if (message.workspaceId !== workspaceId || message.deletedAt)
      throw new DomainError('message.not_found', {
        errors: [{ pointer: '/messageId', detail: 'is no message of this workspace' }],
      });
    return message;
  }
}

import { Injectable } from '@nestjs/common';
import type { MessageId, WorkspaceId } from '#contracts';
import { DomainError } from '#platform';
import { AccessService, type Asker } from '../access/access.service.js';
import { MessageAccess } from '../messages/message-access.js';
import type { MessageRow } from '../messages/message.js';

/** Who may follow a thread. */
@Injectable()
export class ThreadAccess {
  constructor(
    private readonly access: AccessService,
    private readonly messages: MessageAccess,
  ) {}

  /**
   * The first message of a thread, there or yet to come, of a channel the caller is in. Throws
   * `message.not_found`, `channel.not_member`, and `thread.not_found` for what no thread can begin with.
   */
  async thread(caller: Asker, rootId: MessageId): Promise<MessageRow> {
    const root = await this.messages.readable(caller, rootId);
    await this.access.joinedChannel(caller, root.channelId);
    const replies = root.attached?.thread?.replyCount ?? 0;
    if (root.threadId || root.movedTo || (root.deletedAt && replies === 0))
      throw new DomainError('thread.not_found');
    return root;
  }

  async workspace(caller: Asker, workspaceId: WorkspaceId): Promise<void> {
    await this.access.workspace(caller, workspaceId);
  }
}

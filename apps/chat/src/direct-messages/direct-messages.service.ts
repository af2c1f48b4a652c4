import { Injectable } from '@nestjs/common';
import type { MyChannel, UserId, WorkspaceId } from '#contracts';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows, type Standing } from '../access/permission.js';
import { directKeyOf } from '../channels/channel.js';
import { ChannelDirects } from '../channels/channel-directs.js';
import { ChannelsService } from '../channels/channels.service.js';
import { DirectMessagesRepository } from './direct-messages.repository.js';

/** Conversations between people. */
@Injectable()
export class DirectMessagesService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly directs: DirectMessagesRepository,
    private readonly channels: ChannelsService,
    private readonly members: ChannelDirects,
  ) {}

  /** The same people always get the same conversation, whoever opens it, and however often at once. */
  async open(caller: Principal, workspaceId: WorkspaceId, userIds: UserId[]): Promise<MyChannel> {
    const standing = await this.access.permit(caller, workspaceId, 'direct.create');
    const everyone = [...new Set([caller.userId, ...userIds])];
    const key = directKeyOf(everyone);
    const id = await this.database.transaction(async (tx) => {
      await this.requireKnown(tx, caller, standing, workspaceId, everyone);
      const found =
        (await this.directs.find(tx, workspaceId, key)) ??
        (await this.channels.createDirect(tx, caller.userId, workspaceId, everyone)) ??
        (await this.directs.find(tx, workspaceId, key));
      // Somebody was added to it between the two looks: the next one makes a new conversation.
      if (!found) throw new DomainError('unavailable');
      await this.members.bringBack(tx, { id: found, workspaceId }, everyone, caller.userId);
      return found;
    });
    return this.channels.mine(caller, id);
  }

  /** Throws `member.not_found` for people whom the caller can't know. */
  async requireKnown(
    tx: Tx,
    caller: Principal,
    standing: Standing,
    workspaceId: WorkspaceId,
    userIds: readonly UserId[],
  ): Promise<void> {
    const guest = allows(standing, 'member.list') ? null : caller.userId;
    const known = await this.directs.countKnown(tx, workspaceId, userIds, guest);
    if (known < userIds.length) throw new DomainError('member.not_found');
  }
}

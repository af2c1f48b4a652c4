import { Injectable } from '@nestjs/common';
import type { ChannelId, CreateChannel, MyChannel, UserId, WorkspaceId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import type { Channel } from './channel.entity.js';
import { directKeyOf, presentChannel } from './channel.js';
import { ChannelsRepository } from './channels.repository.js';
import { presentMyChannel } from './my-channel.js';

type NewChannel = Pick<Channel, 'kind' | 'name' | 'topic' | 'description' | 'directKey' | 'isDefault'>;
const NAMELESS = { name: null, topic: '', description: '' };

/** Channels and direct conversations. */
@Injectable()
export class ChannelsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly channels: ChannelsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async create(caller: Principal, workspaceId: WorkspaceId, input: CreateChannel): Promise<MyChannel> {
    await this.access.permit(caller, workspaceId, 'channel.create');
    const channel: NewChannel = { ...input, directKey: null, isDefault: false };
    const id = await this.database.transaction((tx) =>
      this.insert(tx, caller.userId, workspaceId, channel, []),
    );
    if (!id) throw new DomainError('channel.name_taken');
    return this.mine(caller, id);
  }

  /** The first channel of a workspace, which everyone who enters joins. */
  async createDefault(
    tx: Tx,
    ownerId: UserId,
    workspaceId: WorkspaceId,
    name: string,
    others: readonly UserId[],
  ): Promise<void> {
    await this.insert(
      tx,
      ownerId,
      workspaceId,
      { ...NAMELESS, kind: 'public', name, directKey: null, isDefault: true },
      others,
    );
  }

  /** Null when its name is taken. */
  createWith(
    tx: Tx,
    creatorId: UserId,
    workspaceId: WorkspaceId,
    input: CreateChannel,
    memberIds: readonly UserId[],
  ): Promise<ChannelId | null> {
    return this.insert(
      tx,
      creatorId,
      workspaceId,
      { ...input, directKey: null, isDefault: false },
      memberIds,
    );
  }

  /** Null when these people have a conversation. */
  createDirect(
    tx: Tx,
    creatorId: UserId,
    workspaceId: WorkspaceId,
    userIds: readonly UserId[],
  ): Promise<ChannelId | null> {
    const directKey = directKeyOf(userIds);
    const channel: NewChannel = { ...NAMELESS, kind: 'direct', directKey, isDefault: false };
    return this.insert(tx, creatorId, workspaceId, channel, userIds);
  }

  /** The channels somebody is in; whoever asks has checked access. */
  async joined(userId: UserId, workspaceId: WorkspaceId): Promise<MyChannel[]> {
    return (await this.channels.joined(workspaceId, userId)).map(presentMyChannel);
  }

  /** A channel the caller is a member of. */
  async mine(caller: Principal, id: ChannelId): Promise<MyChannel> {
    const row = await this.channels.mine(id, caller.userId);
    if (!row) throw new DomainError('channel.not_found');
    return presentMyChannel(row);
  }

  /** Null when its name, or the same direct conversation, exists. */
  private async insert(
    tx: Tx,
    creatorId: UserId,
    workspaceId: WorkspaceId,
    input: NewChannel,
    others: readonly UserId[],
  ): Promise<ChannelId | null> {
    const now = this.clock.now();
    const channel: Channel = {
      ...input,
      id: uuidv7() as ChannelId,
      workspaceId,
      createdBy: creatorId,
      createdAt: now,
      archivedAt: null,
    };
    if (!(await this.channels.insert(tx, channel))) return null;
    const memberIds = [...new Set([creatorId, ...others])];
    const creatorRole = input.kind === 'direct' ? 'member' : 'admin';
    await this.channels.addMembers(tx, channel.id, [creatorId], creatorRole, now);
    await this.channels.addMembers(tx, channel.id, memberIds, 'member', now);
    const about = { workspaceId, channelId: channel.id, actorId: creatorId, time: now };
    const event = newEvent('channel.created', about, {
      channel: presentChannel(await this.channels.getRow(tx, channel.id)),
      memberIds,
    });
    const everyone = { scope: 'members', id: workspaceId } as const;
    await this.outbox.append(
      tx,
      event,
      input.kind === 'public' ? everyone : { scope: 'channel', id: channel.id },
    );
    return channel.id;
  }
}

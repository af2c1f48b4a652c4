import { Injectable } from '@nestjs/common';
import type {
  ChannelId,
  CreateChannel,
  ListedChannel,
  MyChannel,
  Page,
  PageQuery,
  UserId,
  WorkspaceId,
} from '#contracts';
import { Clock, cutPage, uuidv7 } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { newEvent } from '../events/new-event.js';
import { nameCursor } from '../paging/name-cursor.js';
import type { Channel } from './channel.entity.js';
import { directKeyOf, presentChannel, presentListedChannel, presentMyChannel } from './channel.js';
import { ChannelsRepository } from './channels.repository.js';

type NewChannel = Pick<Channel, 'kind' | 'name' | 'topic' | 'directKey' | 'isDefault'>;

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
      { kind: 'public', name, topic: '', directKey: null, isDefault: true },
      others,
    );
  }

  /** The same people always get the same conversation, whoever opens it, and however often at once. */
  async openDirect(caller: Principal, workspaceId: WorkspaceId, userIds: UserId[]): Promise<MyChannel> {
    const standing = await this.access.permit(caller, workspaceId, 'direct.create');
    const everyone = [...new Set([caller.userId, ...userIds])];
    const directKey = directKeyOf(everyone);
    const id = await this.database.transaction(async (tx) => {
      const known = allows(standing, 'member.list')
        ? await this.channels.people(tx, workspaceId, everyone)
        : await this.channels.peopleKnownTo(tx, caller.userId, workspaceId, everyone);
      if (known.length < everyone.length) throw new DomainError('member.not_found');
      const existing = await this.channels.findDirect(tx, workspaceId, directKey);
      if (existing) return existing;
      const channel: NewChannel = { kind: 'direct', name: null, topic: '', directKey, isDefault: false };
      return (
        (await this.insert(tx, caller.userId, workspaceId, channel, everyone)) ??
        this.channels.findDirect(tx, workspaceId, directKey)
      );
    });
    return this.mine(caller, id as ChannelId);
  }

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<ListedChannel>> {
    await this.access.workspace(caller, workspaceId);
    const rows = await this.channels.visible(workspaceId, caller.userId, nameCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.name ?? '', row.id]);
    return { ...page, data: page.data.map(presentListedChannel) };
  }

  async joined(caller: Principal, workspaceId: WorkspaceId): Promise<MyChannel[]> {
    return (await this.channels.joined(workspaceId, caller.userId)).map(presentMyChannel);
  }

  async get(caller: Principal, channelId: ChannelId): Promise<ListedChannel> {
    return presentListedChannel(await this.access.channel(caller, channelId));
  }

  private async mine(caller: Principal, id: ChannelId): Promise<MyChannel> {
    return presentMyChannel(await this.access.channel(caller, id));
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

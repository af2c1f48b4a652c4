import { Injectable } from '@nestjs/common';
import type { BrowseChannels, ChannelId, ListedChannel, Page, WorkspaceId } from '#contracts';
import { cutPage } from '#core';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { ChannelDirectoryRepository } from './channel-directory.repository.js';
import { directoryStart, wordsPattern } from './directory-page.js';
import { presentListedChannel } from './listed-channel.js';

/** Channels to choose from, with how many people are in each. */
@Injectable()
export class ChannelDirectoryService {
  constructor(
    private readonly access: AccessService,
    private readonly directory: ChannelDirectoryRepository,
  ) {}

  async browse(
    caller: Principal,
    workspaceId: WorkspaceId,
    query: BrowseChannels,
  ): Promise<Page<ListedChannel>> {
    await this.access.workspace(caller, workspaceId);
    const { sort, limit } = query;
    const after = directoryStart(sort, query.cursor);
    const pattern = wordsPattern(query.q);
    const rows = await this.directory.page(workspaceId, caller.userId, after, query, pattern, limit + 1);
    const page = cutPage(rows, limit, (row) => [
      sort === 'name' ? (row.name ?? '') : sort === 'members' ? row.memberCount : row.createdAt.toISOString(),
      row.id,
    ]);
    return { ...page, data: page.data.map(presentListedChannel) };
  }

  async get(caller: Principal, channelId: ChannelId): Promise<ListedChannel> {
    await this.access.channel(caller, channelId);
    const row = await this.directory.find(channelId, caller.userId);
    if (!row) throw new DomainError('channel.not_found');
    return presentListedChannel(row);
  }
}

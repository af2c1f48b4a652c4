import { Injectable } from '@nestjs/common';
import type { MyWorkspace, WorkspaceId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { BOT_USER_ID } from '../accounts/bot-account.js';
import { ChannelsService } from '../channels/channels.service.js';
import { MemberEntryService } from '../members/member-entry.service.js';
import { presentMyWorkspace } from './workspace.js';
import { WorkspacesRepository } from './workspaces.repository.js';

/** The workspaces of people. */
@Injectable()
export class WorkspacesService {
  constructor(
    private readonly database: Database,
    private readonly workspaces: WorkspacesRepository,
    private readonly members: MemberEntryService,
    private readonly channels: ChannelsService,
    private readonly clock: Clock,
  ) {}

  async create(caller: Principal, name: string): Promise<MyWorkspace> {
    const id = uuidv7() as WorkspaceId;
    const createdAt = this.clock.now();
    await this.database.transaction(async (tx) => {
      await this.workspaces.insert(tx, { id, name, createdBy: caller.userId, createdAt });
      await this.members.found(tx, id, caller.userId, createdAt);
      await this.channels.createDefault(tx, caller.userId, id, 'general', [BOT_USER_ID]);
    });
    return this.get(caller, id);
  }

  async list(caller: Principal): Promise<MyWorkspace[]> {
    return (await this.workspaces.mine(caller.userId)).map(presentMyWorkspace);
  }

  async get(caller: Principal, workspaceId: WorkspaceId): Promise<MyWorkspace> {
    const row = await this.workspaces.findMine(caller.userId, workspaceId);
    if (!row) throw new DomainError('workspace.not_found');
    return presentMyWorkspace(row);
  }
}

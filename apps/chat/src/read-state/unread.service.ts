import { Injectable } from '@nestjs/common';
import type { Unread, WorkspaceId } from '#contracts';
import { Database } from '#db';
import type { Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { ThreadMembershipsService } from '../threads/thread-memberships.service.js';
import { ReadStateRepository } from './read-state.repository.js';
import { ReadStateService } from './read-state.service.js';

/** What is unread in a whole workspace. */
@Injectable()
export class UnreadService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly repository: ReadStateRepository,
    private readonly channels: ReadStateService,
    private readonly threads: ThreadMembershipsService,
  ) {}

  async unread(caller: Principal, workspaceId: WorkspaceId): Promise<Unread> {
    await this.access.workspace(caller, workspaceId);
    return this.repository.unread(caller.userId, workspaceId);
  }

  /** Where nothing is unread, nothing changes. */
  async readAll(caller: Principal, workspaceId: WorkspaceId): Promise<void> {
    await this.access.workspace(caller, workspaceId);
    await this.database.transaction(async (tx) => {
      await this.channels.readAllIn(tx, caller.userId, workspaceId);
      await this.threads.readAllIn(tx, caller.userId, workspaceId);
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { Member, MyWorkspace, Page, PageQuery, WorkspaceId } from '#contracts';
import { Clock, cutPage, uuidv7 } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { presentUser } from '../accounts/account.js';
import { BOT_USER_ID } from '../accounts/bot-account.js';
import { ChannelsService } from '../channels/channels.service.js';
import { nameCursor } from '../paging/name-cursor.js';
import { WorkspacesRepository, type MemberRow, type MyWorkspaceRow } from './workspaces.repository.js';

const present = ({ createdAt, ...row }: MyWorkspaceRow): MyWorkspace => ({
  ...row,
  createdAt: createdAt.toISOString(),
});
const presentMember = (row: MemberRow, now: Date): Member => ({
  user: presentUser(row, now),
  role: row.role,
  joinedAt: row.joinedAt.toISOString(),
});

/** Workspaces and who is in them. */
@Injectable()
export class WorkspacesService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly workspaces: WorkspacesRepository,
    private readonly channels: ChannelsService,
    private readonly clock: Clock,
  ) {}

  async create(caller: Principal, name: string): Promise<MyWorkspace> {
    const workspace = { id: uuidv7() as WorkspaceId, name, createdBy: caller.userId, createdAt: new Date() };
    await this.database.transaction(async (tx) => {
      await this.workspaces.insert(tx, workspace);
      const joinedAt = workspace.createdAt;
      await this.workspaces.insertMember(tx, {
        workspaceId: workspace.id,
        userId: caller.userId,
        role: 'owner',
        joinedAt,
      });
      await this.workspaces.insertMember(tx, {
        workspaceId: workspace.id,
        userId: BOT_USER_ID,
        role: 'bot',
        joinedAt,
      });
      await this.channels.createDefault(tx, caller.userId, workspace.id, 'general', [BOT_USER_ID]);
    });
    return this.get(caller, workspace.id);
  }

  async list(caller: Principal): Promise<MyWorkspace[]> {
    return (await this.workspaces.mine(caller.userId)).map(present);
  }

  async get(caller: Principal, workspaceId: WorkspaceId): Promise<MyWorkspace> {
    const row = await this.workspaces.findMine(caller.userId, workspaceId);
    if (!row) throw new DomainError('workspace.not_found');
    return present(row);
  }

  async members(
    caller: Principal,
    workspaceId: WorkspaceId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<Member>> {
    const standing = await this.access.workspace(caller, workspaceId);
    const after = nameCursor(cursor);
    const rows = allows(standing, 'member.list')
      ? await this.workspaces.members(workspaceId, after, limit + 1)
      : await this.workspaces.membersKnownTo(caller.userId, workspaceId, after, limit + 1);
    const page = cutPage(rows, limit, (row) => [row.name, row.id]);
    return { ...page, data: page.data.map((row) => presentMember(row, this.clock.now())) };
  }
}

import { Injectable } from '@nestjs/common';
import type { JoinableWorkspace, Page, PageQuery, WorkspaceId } from '#contracts';
import { Clock, cutPage } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { presentUser } from '../accounts/account.js';
import { MemberEntryService } from '../members/member-entry.service.js';
import { nameCursor } from '../paging/name-cursor.js';
import { domainOf } from './workspace.js';
import { WorkspacesRepository } from './workspaces.repository.js';

/** Joining a workspace because one's verified e-mail address is of a domain that it allows. */
@Injectable()
export class DomainJoiningService {
  constructor(
    private readonly database: Database,
    private readonly workspaces: WorkspacesRepository,
    private readonly members: MemberEntryService,
    private readonly clock: Clock,
  ) {}

  async list(caller: Principal, { limit, cursor }: PageQuery): Promise<Page<JoinableWorkspace>> {
    const after = nameCursor(cursor);
    const person = await this.database.transaction((tx) => this.workspaces.verified(tx, caller.userId));
    if (!person?.email) return { data: [], nextCursor: null };
    const domain = domainOf(person.email);
    const rows = await this.workspaces.joinable(caller.userId, domain, after, limit + 1);
    return cutPage(rows, limit, (row) => [row.name, row.id]);
  }

  /** Joining what one is in changes nothing. To whom it isn't open, the workspace does not exist. */
  async join(caller: Principal, workspaceId: WorkspaceId): Promise<void> {
    if (await this.workspaces.findMine(caller.userId, workspaceId)) return;
    await this.database.transaction(async (tx) => {
      const person = await this.workspaces.verified(tx, caller.userId);
      const open =
        person?.email && (await this.workspaces.allowsDomain(tx, workspaceId, domainOf(person.email)));
      if (!person || !open) throw new DomainError('workspace.not_found');
      const now = this.clock.now();
      const entrance = { role: 'member', channelIds: [], ticket: null } as const;
      await this.members.enter(tx, workspaceId, presentUser(person, now), entrance, now);
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { BulkMembers, BulkVerdicts, ProblemCode, UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import type { Principal } from '#platform';
import { AuthorityService, type Decision } from '../access/authority.service.js';
import { MemberDepartureService } from './member-departure.service.js';
import { MemberRolesService } from './member-roles.service.js';

/** Per transaction, so that others get their turn in between. */
const AT_ONCE = 100;

/** One thing done to many people. */
@Injectable()
export class MemberBulkService {
  constructor(
    private readonly authority: AuthorityService,
    private readonly roles: MemberRolesService,
    private readonly departures: MemberDepartureService,
  ) {}

  /** Each gets a verdict of their own; one who can't be changed stops nobody else. */
  async run(caller: Principal, workspaceId: WorkspaceId, bulk: BulkMembers): Promise<BulkVerdicts> {
    const verdicts = new Map<UserId, ProblemCode | null>();
    const userIds = [...new Set(bulk.userIds)];
    for (let from = 0; from < userIds.length; from += AT_ONCE) {
      await this.authority.decide(caller, workspaceId, 'member.bulk', async (decision) => {
        const one = await this.action(decision, bulk);
        for (const userId of userIds.slice(from, from + AT_ONCE)) verdicts.set(userId, await one(userId));
      });
    }
    return { verdicts: bulk.userIds.map((userId) => ({ userId, code: verdicts.get(userId) ?? null })) };
  }

  private async action(
    decision: Decision,
    bulk: BulkMembers,
  ): Promise<(userId: UserId) => Promise<ProblemCode | null>> {
    switch (bulk.action) {
      case 'change_role': {
        // The schema has it with this action.
        const role = bulk.role as WorkspaceRole;
        const next = await this.roles.nextRole(decision, { role, customRoleId: bulk.customRoleId });
        return async (userId) => (await this.roles.give(decision, userId, next)).refused;
      }
      case 'deactivate':
        return async (userId) => (await this.departures.depart(decision, userId, 'deactivated')).refused;
    }
  }
}

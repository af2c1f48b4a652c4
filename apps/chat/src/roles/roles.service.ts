import { Injectable } from '@nestjs/common';
import {
  MAX_ROLES,
  type CreateRole,
  type GrantablePermission,
  type Role,
  type RoleId,
  type UpdateRole,
  type WorkspaceId,
} from '#contracts';
import { uuidv7 } from '#core';
import { Outbox } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { AuthorityService, type Decision } from '../access/authority.service.js';
import { allows } from '../access/permission.js';
import { mayGrant } from '../access/rank.js';
import { newEvent } from '../events/new-event.js';
import { RolesRepository, type RoleRow } from './roles.repository.js';

const present = (row: RoleRow): Role => ({ ...row, createdAt: row.createdAt.toISOString() });

/** Throws when the role would get a permission that it has not yet and that who changes it lacks. */
const requireGrant = (
  { actor }: Decision,
  before: readonly GrantablePermission[],
  after: readonly GrantablePermission[],
): void => {
  const member = { ...actor, workspaceRole: 'member' } as const;
  const [was, will] = [before, after].map((customPermissions) => ({ ...member, customPermissions }));
  if (was && will && !mayGrant(actor, was, will)) throw new DomainError('permission.denied');
};

/** Custom roles of a workspace. */
@Injectable()
export class RolesService {
  constructor(
    private readonly access: AccessService,
    private readonly authority: AuthorityService,
    private readonly roles: RolesRepository,
    private readonly outbox: Outbox,
  ) {}

  async list(caller: Principal, workspaceId: WorkspaceId): Promise<Role[]> {
    await this.access.permit(caller, workspaceId, 'member.list');
    return (await this.roles.list(workspaceId)).map(present);
  }

  /** For the bootstrap: none for guests. */
  async listVisible(caller: Principal, workspaceId: WorkspaceId): Promise<Role[]> {
    const standing = await this.access.workspace(caller, workspaceId);
    return allows(standing, 'member.list') ? (await this.roles.list(workspaceId)).map(present) : [];
  }

  create(caller: Principal, workspaceId: WorkspaceId, { name, permissions }: CreateRole): Promise<Role> {
    return this.authority.decide(caller, workspaceId, 'role.manage', async (decision) => {
      const { tx, now } = decision;
      requireGrant(decision, [], permissions);
      if ((await this.roles.listIn(tx, workspaceId)).length >= MAX_ROLES)
        throw new DomainError('role.too_many');
      const role: RoleRow = { id: uuidv7() as RoleId, workspaceId, name, permissions, createdAt: now };
      if (await this.roles.isNameTaken(tx, role)) throw new DomainError('role.name_taken');
      await this.roles.insert(tx, role);
      await this.announce(decision);
      return present(role);
    });
  }

  update(caller: Principal, workspaceId: WorkspaceId, roleId: RoleId, input: UpdateRole): Promise<Role> {
    return this.authority.decide(caller, workspaceId, 'role.manage', async (decision) => {
      const before = await this.get(decision, roleId);
      const { name = before.name, permissions = before.permissions } = input;
      const role = { ...before, name, permissions };
      requireGrant(decision, before.permissions, permissions);
      if (await this.roles.isNameTaken(decision.tx, role)) throw new DomainError('role.name_taken');
      await this.roles.update(decision.tx, role);
      await this.announce(decision);
      return present(role);
    });
  }

  /** One that somebody has is not deleted: they would silently become something else. */
  delete(caller: Principal, workspaceId: WorkspaceId, roleId: RoleId): Promise<void> {
    return this.authority.decide(caller, workspaceId, 'role.manage', async (decision) => {
      const { id } = await this.get(decision, roleId);
      if (await this.roles.isInUse(decision.tx, id)) throw new DomainError('role.in_use');
      await this.roles.delete(decision.tx, id);
      await this.announce(decision);
    });
  }

  private async get({ tx, workspaceId }: Decision, roleId: RoleId): Promise<RoleRow> {
    const role = (await this.roles.listIn(tx, workspaceId)).find(({ id }) => id === roleId);
    if (!role) throw new DomainError('role.not_found');
    return role;
  }

  private async announce({ tx, workspaceId, actor, now }: Decision): Promise<void> {
    const roles = (await this.roles.listIn(tx, workspaceId)).map(present);
    const version = await this.roles.nextVersion(tx, workspaceId);
    const about = { workspaceId, actorId: actor.userId, time: now };
    await this.outbox.append(tx, newEvent('roles.updated', about, { roles, version }), {
      scope: 'members',
      id: workspaceId,
    });
  }
}

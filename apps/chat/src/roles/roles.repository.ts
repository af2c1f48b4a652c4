import { Injectable } from '@nestjs/common';
import type { GrantablePermission, RoleId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';

export type RoleRow = {
  id: RoleId;
  workspaceId: WorkspaceId;
  name: string;
  permissions: GrantablePermission[];
  createdAt: Date;
};

const LIST: Statement = {
  name: 'roles_list',
  text: `
    SELECT id, workspace_id AS "workspaceId", name, permissions, created_at AS "createdAt"
    FROM chat.roles WHERE workspace_id = $1 ORDER BY chat.name_key(name), id`,
};
const NAME_TAKEN = `SELECT 1 FROM chat.roles WHERE workspace_id = $1 AND chat.name_key(name) = chat.name_key($2) AND id <> $3`;
const INSERT = `INSERT INTO chat.roles (id, workspace_id, name, permissions, created_at) VALUES ($1, $2, $3, $4, $5)`;
const UPDATE = `UPDATE chat.roles SET name = $2, permissions = $3 WHERE id = $1`;
const IN_USE = `SELECT 1 FROM chat.workspace_members WHERE custom_role_id = $1 LIMIT 1`;
const DELETE = `DELETE FROM chat.roles WHERE id = $1`;
const NEXT_VERSION = `UPDATE chat.workspaces SET roles_version = roles_version + 1 WHERE id = $1 RETURNING roles_version AS version`;

/** All SQL on custom roles; a workspace's are few. Whoever writes holds the workspace's lock. */
@Injectable()
export class RolesRepository {
  constructor(private readonly database: Database) {}

  list(workspaceId: WorkspaceId): Promise<RoleRow[]> {
    return this.database.run<RoleRow>(LIST, [workspaceId]);
  }

  listIn(tx: Tx, workspaceId: WorkspaceId): Promise<RoleRow[]> {
    return tx.query<RoleRow>(LIST.text, [workspaceId]);
  }

  async isNameTaken(tx: Tx, { workspaceId, name, id }: RoleRow): Promise<boolean> {
    return (await tx.query(NAME_TAKEN, [workspaceId, name, id])).length > 0;
  }

  async insert(tx: Tx, role: RoleRow): Promise<void> {
    await tx.query(INSERT, [role.id, role.workspaceId, role.name, role.permissions, role.createdAt]);
  }

  async update(tx: Tx, role: RoleRow): Promise<void> {
    await tx.query(UPDATE, [role.id, role.name, role.permissions]);
  }

  async isInUse(tx: Tx, id: RoleId): Promise<boolean> {
    return (await tx.query(IN_USE, [id])).length > 0;
  }

  async delete(tx: Tx, id: RoleId): Promise<void> {
    await tx.query(DELETE, [id]);
  }

  async nextVersion(tx: Tx, workspaceId: WorkspaceId): Promise<number> {
    const [row] = await tx.query<{ version: number }>(NEXT_VERSION, [workspaceId]);
    return (row as { version: number }).version;
  }
}

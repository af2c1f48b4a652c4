import * as roles from '../http/roles.js';
import { pageOf } from '../page.js';
import { adminsOnly, inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const rolesRoutes = {
  listRoles: {
    method: 'GET',
    path: '/workspaces/:workspaceId/roles',
    service: 'chat',
    tag: 'members',
    summary: 'The custom roles of a workspace, all at once',
    access: { ...inWorkspace, guest: 'permission.denied' },
    params: params.w,
    status: 200,
    response: pageOf(roles.Role),
    errors: ['workspace.not_found', 'permission.denied'],
  },
  createRole: {
    method: 'POST',
    path: '/workspaces/:workspaceId/roles',
    service: 'chat',
    tag: 'members',
    summary: 'Create a custom role; nobody grants what they lack',
    access: adminsOnly(inWorkspace),
    params: params.w,
    body: roles.CreateRole,
    status: 201,
    response: roles.Role,
    errors: ['workspace.not_found', 'permission.denied', 'role.name_taken', 'role.too_many'],
  },
  updateRole: {
    method: 'PATCH',
    path: '/workspaces/:workspaceId/roles/:roleId',
    service: 'chat',
    tag: 'members',
    summary: 'Change a custom role, for everyone who has it',
    access: adminsOnly(inWorkspace),
    params: params.wr,
    body: roles.UpdateRole,
    status: 200,
    response: roles.Role,
    errors: ['workspace.not_found', 'permission.denied', 'role.not_found', 'role.name_taken'],
  },
  deleteRole: {
    method: 'DELETE',
    path: '/workspaces/:workspaceId/roles/:roleId',
    service: 'chat',
    tag: 'members',
    summary: 'Delete a custom role that nobody has',
    access: adminsOnly(inWorkspace),
    params: params.wr,
    status: 204,
    errors: ['workspace.not_found', 'permission.denied', 'role.not_found', 'role.in_use'],
  },
} as const satisfies Record<string, Route>;

import { z } from 'zod';
import * as groups from '../http/groups.js';
import { GroupId, UserId, WorkspaceId } from '../ids.js';
import { PageQuery, pageOf } from '../page.js';
import { adminsOnly, inWorkspace, type Access } from './access.js';
import { params, type Route } from './route.js';

const one = z.strictObject({ workspaceId: WorkspaceId, groupId: GroupId });
const member = one.extend({ userId: UserId });
const allButGuests: Access = { ...inWorkspace, guest: 'permission.denied' };

export const groupsRoutes = {
  createGroup: {
    method: 'POST',
    path: '/workspaces/:workspaceId/groups',
    service: 'chat',
    tag: 'members',
    summary: 'Create a group of people who are mentioned together',
    access: adminsOnly(inWorkspace),
    params: params.w,
    body: groups.CreateGroup,
    status: 201,
    response: groups.Group,
    errors: ['workspace.not_found', 'permission.denied', 'group.handle_taken', 'member.not_found'],
  },
  listGroups: {
    method: 'GET',
    path: '/workspaces/:workspaceId/groups',
    service: 'chat',
    tag: 'members',
    summary: 'Groups of the workspace, by handle',
    access: allButGuests,
    params: params.w,
    query: groups.GroupsQuery,
    status: 200,
    response: pageOf(groups.Group),
    errors: ['workspace.not_found', 'permission.denied'],
  },
  updateGroup: {
    method: 'PATCH',
    path: '/workspaces/:workspaceId/groups/:groupId',
    service: 'chat',
    tag: 'members',
    summary: 'Rename, describe, disable or enable a group',
    access: adminsOnly(inWorkspace),
    params: one,
    body: groups.UpdateGroup,
    status: 200,
    response: groups.Group,
    errors: ['workspace.not_found', 'permission.denied', 'group.not_found', 'group.handle_taken'],
  },
  deleteGroup: {
    method: 'DELETE',
    path: '/workspaces/:workspaceId/groups/:groupId',
    service: 'chat',
    tag: 'members',
    summary: 'Delete a group',
    access: adminsOnly(inWorkspace),
    params: one,
    status: 204,
    errors: ['workspace.not_found', 'permission.denied', 'group.not_found'],
  },
  listGroupMembers: {
    method: 'GET',
    path: '/workspaces/:workspaceId/groups/:groupId/members',
    service: 'chat',
    tag: 'members',
    summary: 'Members of a group, by name',
    access: allButGuests,
    params: one,
    query: PageQuery,
    status: 200,
    response: pageOf(groups.GroupMember),
    errors: ['workspace.not_found', 'permission.denied', 'group.not_found'],
  },
  addGroupMembers: {
    method: 'POST',
    path: '/workspaces/:workspaceId/groups/:groupId/members',
    service: 'chat',
    tag: 'members',
    summary: 'Add people; those who are in it already stay',
    access: adminsOnly(inWorkspace),
    params: one,
    body: groups.AddGroupMembers,
    status: 200,
    response: groups.Group,
    errors: [
      'workspace.not_found',
      'permission.denied',
      'group.not_found',
      'group.too_large',
      'member.not_found',
    ],
  },
  removeGroupMember: {
    method: 'DELETE',
    path: '/workspaces/:workspaceId/groups/:groupId/members/:userId',
    service: 'chat',
    tag: 'members',
    summary: 'Take someone out of a group',
    access: adminsOnly(inWorkspace),
    params: member,
    status: 204,
    errors: ['workspace.not_found', 'permission.denied', 'group.not_found', 'member.not_found'],
  },
} as const satisfies Record<string, Route>;

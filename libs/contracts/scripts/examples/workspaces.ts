import { exampleId, exampleTime } from '../example-ids.js';

const workspace = exampleId('Workspace');
const user = exampleId('User');

const settings = {
  id: workspace,
  name: 'Analytical Engines',
  createdAt: exampleTime,
  iconImageId: null,
  branding: { primary: '#1d4ed8', accent: '#f59e0b' },
  whoMay: { createChannels: 'everyone', invite: 'admins', mentionChannel: 'everyone' },
  retentionDays: null,
  allowedDomains: ['example.org'],
  linkPreviews: true,
  version: 4,
};
const mine = {
  ...settings,
  role: 'owner',
  customRoleId: null,
  permissions: ['workspace.update', 'channel.create', 'direct.create'],
};
const role = {
  id: exampleId('Role'),
  workspaceId: workspace,
  name: 'Moderator',
  permissions: ['channel.create', 'direct.create', 'message.delete_any'],
  createdAt: exampleTime,
};
const member = {
  user: { id: user, name: 'Ada', kind: 'user' },
  role: 'member',
  joinedAt: exampleTime,
  customRoleId: role.id,
};
const invite = {
  id: exampleId('Invite'),
  workspaceId: workspace,
  createdBy: user,
  expiresAt: exampleTime,
  maxUses: 1,
  uses: 0,
  role: 'member',
  channelIds: [],
  email: 'grace@example.org',
};

export const workspacesExamples = {
  createWorkspace: { body: { name: 'Analytical Engines' }, response: mine },
  getWorkspace: { response: mine },
  updateWorkspace: {
    body: {
      branding: settings.branding,
      whoMay: { invite: 'admins' },
      allowedDomains: ['example.org'],
    },
    response: mine,
  },
  deleteWorkspace: { query: { name: 'Analytical Engines' } },
  joinWorkspace: { response: mine },
  createInvite: { body: { expiresInHours: 24, maxUses: 5 } },
  inviteByEmail: {
    body: { emails: ['grace@example.org', 'nobody'], role: 'member' },
    response: {
      verdicts: [
        { email: 'grace@example.org', verdict: 'invited', invite },
        { email: 'nobody', verdict: 'invalid', invite: null },
      ],
    },
  },
  listMembers: { response: { data: [member], nextCursor: null } },
  getMember: { response: member },
  changeMember: { body: { role: 'member', customRoleId: role.id }, response: member },
  bulkMembers: {
    body: { action: 'deactivate', userIds: [user] },
    response: { verdicts: [{ userId: user, code: 'workspace.last_owner' }] },
  },
  createRole: { body: { name: role.name, permissions: role.permissions }, response: role },
  updateRole: { body: { permissions: role.permissions }, response: role },
};

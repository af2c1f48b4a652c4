import type { OperationId } from '#contracts';
import type { Action } from './action.js';
import type { World } from './world.js';

const role = (world: World, name: string) =>
  world.do(world.ada, 'POST /W/roles', { name, permissions: ['emoji.create'] });
const group = (world: World, handle: string) =>
  world.do(world.ada, 'POST /W/groups', { handle, name: handle, description: '' });
const emoji = async (world: World, name: string) =>
  world.do(world.ada, 'POST /W/emoji', { name, imageId: await world.picture() });

export const workspaceActions: Partial<Record<OperationId, Action>> = {
  updateMe: async (w) => () => w.do(w.bob, 'PATCH /me', { name: 'Bobby', title: 'Chief of bobs' }),
  setStatus: async (w) => () => w.do(w.bob, 'PUT /me/status', { emoji: '🌴', text: 'away' }),
  clearStatus: async (w) => () => w.do(w.bob, 'DELETE /me/status'),
  updatePreferences: async (w) => () => w.do(w.bob, 'PATCH /me/preferences', { readReceipts: false }),
  updateWorkspace: async (w) => () => w.do(w.ada, 'PATCH /W', { name: 'Renamed', retentionDays: 90 }),
  createRole: async (w) => () => role(w, 'Scribe'),
  updateRole: async (w) => {
    const { id } = await role(w, 'Herald');
    return () => w.do(w.ada, `PATCH /W/roles/${id}`, { name: 'Crier' });
  },
  deleteRole: async (w) => {
    const { id } = await role(w, 'Jester');
    return () => w.do(w.ada, `DELETE /W/roles/${id}`);
  },
  createInvite: async (w) => () => w.do(w.bob, 'POST /W/invites', {}),
  revokeInvite: async (w) => {
    const { id } = await w.do(w.bob, 'POST /W/invites', {});
    return () => w.do(w.bob, `DELETE /W/invites/${id}`);
  },
  acceptInvite: async (w) => {
    const { token } = await w.do(w.ada, 'POST /W/invites', { maxUses: 2 });
    const eve = await w.chat.person('Eve');
    return () => w.do(eve, `POST /invites/${String(token)}/accept`);
  },
  changeMember: async (w) => {
    const { id } = await w.newcomer('Cleo');
    return () => w.do(w.ada, `PATCH /W/members/${id}`, { role: 'admin' });
  },
  bulkMembers: async (w) => {
    const { id } = await w.newcomer('Dora');
    const body = { action: 'change_role', userIds: [id], role: 'admin' };
    return () => w.do(w.ada, 'POST /W/members/bulk', body);
  },
  deactivateMember: async (w) => {
    const { id } = await w.newcomer('Finn');
    return () => w.do(w.ada, `POST /W/members/${id}/deactivate`);
  },
  reactivateMember: async (w) => {
    const { id } = await w.newcomer('Gail');
    await w.do(w.ada, `POST /W/members/${id}/deactivate`);
    return () => w.do(w.ada, `POST /W/members/${id}/reactivate`);
  },
  removeMember: async (w) => {
    const { id } = await w.newcomer('Hank');
    return () => w.do(w.ada, `DELETE /W/members/${id}`);
  },
  transferWorkspace: async (w) => {
    const cleo = await w.newcomer('Iris');
    await w.do(w.ada, 'POST /W/transfer', { userId: cleo.id });
    return () => w.do(cleo, 'POST /W/transfer', { userId: w.ada.id });
  },
  createGroup: async (w) => () => group(w, 'crew'),
  updateGroup: async (w) => {
    const { id } = await group(w, 'team');
    return () => w.do(w.ada, `PATCH /W/groups/${id}`, { name: 'The team' });
  },
  addGroupMembers: async (w) => {
    const { id } = await group(w, 'duo');
    return () => w.do(w.ada, `POST /W/groups/${id}/members`, { userIds: [w.bob.id] });
  },
  removeGroupMember: async (w) => {
    const { id } = await group(w, 'trio');
    await w.do(w.ada, `POST /W/groups/${id}/members`, { userIds: [w.bob.id] });
    return () => w.do(w.ada, `DELETE /W/groups/${id}/members/${w.bob.id}`);
  },
  deleteGroup: async (w) => {
    const { id } = await group(w, 'solo');
    return () => w.do(w.ada, `DELETE /W/groups/${id}`);
  },
  createEmoji: async (w) => () => emoji(w, 'shipit'),
  renameEmoji: async (w) => {
    const { id } = await emoji(w, 'oldname');
    return () => w.do(w.ada, `PATCH /W/emoji/${id}`, { name: 'newname' });
  },
  deleteEmoji: async (w) => {
    const { id } = await emoji(w, 'goner');
    return () => w.do(w.ada, `DELETE /W/emoji/${id}`);
  },
};

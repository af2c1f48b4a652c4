import type { CallerKind, Role } from '#contracts';
import type { Rows } from './row.js';
import type { World } from './world.js';

const workspace = ({ w }: World) => ({ params: { workspaceId: w } });
const ofNewMember = async (world: World) => ({
  params: { workspaceId: world.w, userId: (await world.newMember()).id },
});
const ofNewRole = async (world: World) => {
  const body = { name: world.name(), permissions: [] };
  const { id } = await world.do<Role>(world.owner, `POST /workspaces/${world.w}/roles`, body);
  return { params: { workspaceId: world.w, roleId: id } };
};
const spare = async (world: World, caller: CallerKind) => {
  const { id, name } = await world.workspaceToSpare(caller);
  return { params: { workspaceId: id }, name };
};

export const workspaceRows = {
  createWorkspace: () => ({ body: { name: 'Another' } }),
  listWorkspaces: () => ({}),
  getWorkspace: workspace,
  bootstrap: workspace,
  updateWorkspace: (world) => ({ ...workspace(world), body: { retentionDays: 365 } }),
  deleteWorkspace: async (world, caller) => {
    const { params, name } = await spare(world, caller);
    return { params, query: { name } };
  },
  listJoinable: () => ({}),
  joinWorkspace: workspace,
  listMembers: workspace,
  getMember: (world) => ({ params: { workspaceId: world.w, userId: world.bystander.id } }),
  changeMember: async (world) => ({ ...(await ofNewMember(world)), body: { role: 'guest' } }),
  bulkMembers: async (world) => ({
    ...workspace(world),
    body: { action: 'deactivate', userIds: [(await world.newMember()).id] },
  }),
  deactivateMember: ofNewMember,
  reactivateMember: async (world) => {
    const request = await ofNewMember(world);
    const { workspaceId, userId } = request.params;
    await world.do(world.owner, `POST /workspaces/${workspaceId}/members/${userId}/deactivate`);
    return request;
  },
  removeMember: ofNewMember,
  transferWorkspace: async (world, caller) => ({
    params: (await spare(world, caller)).params,
    body: { userId: world.people.member.id },
  }),

  listRoles: workspace,
  createRole: (world) => ({
    ...workspace(world),
    body: { name: world.name(), permissions: ['poll.create'] },
  }),
  updateRole: async (world) => ({ ...(await ofNewRole(world)), body: { name: world.name() } }),
  deleteRole: ofNewRole,

  createInvite: (world) => ({ ...workspace(world), body: {} }),
  inviteByEmail: (world) => ({ ...workspace(world), body: { emails: [world.address()] } }),
  listInvites: workspace,
  revokeInvite: async (world) => ({ params: { workspaceId: world.w, inviteId: (await world.invite()).id } }),
  previewInvite: async (world) => ({ params: { token: (await world.invite()).token } }),
  acceptInvite: async (world, caller) => ({
    as: caller === 'stranger' || caller === 'removed' ? await world.another(caller) : undefined,
    // Of a member: an admin's would bring back who was removed.
    params: { token: (await world.invite(world.people.member)).token },
  }),
} satisfies Partial<Rows>;

import type { CallerKind, DirectInvitation, MyChannel, SidebarSection, Sidebar } from '#contracts';
import type { Rows } from './row.js';
import type { World } from './world.js';

const workspace = ({ w }: World) => ({ params: { workspaceId: w } });
const room = ({ c }: World) => ({ params: { channelId: c } });
const spare = async (world: World, caller: CallerKind) => ({
  params: { channelId: await world.channelToSpare(caller) },
});
const ofNewMember = async (world: World) => ({
  params: { channelId: world.c, userId: (await world.newMember(world.c)).id },
});

/** A conversation of the caller, a bystander and the owner, or another member for the owner. */
const direct = async (world: World, caller: CallerKind) => {
  const third = caller === 'owner' ? world.people.member : world.owner;
  const userIds = [world.insider(caller).id, third.id];
  const { channel } = await world.do<MyChannel>(world.bystander, `POST /workspaces/${world.w}/dms`, {
    userIds,
  });
  return { channelId: channel.id };
};
/** Somebody new is proposed to it, by the bystander: the caller has yet to answer. */
const proposed = async (world: World, caller: CallerKind) => {
  const { channelId } = await direct(world, caller);
  const body = { userId: (await world.newMember(world.c)).id };
  const route = `POST /channels/${channelId}/direct-invitations`;
  const { id } = await world.do<DirectInvitation>(world.bystander, route, body);
  return { params: { channelId, invitationId: id } };
};

const section = async (world: World, caller: CallerKind) => {
  const { sections } = await world.do<Sidebar>(
    world.insider(caller),
    `POST /workspaces/${world.w}/sections`,
    { name: world.name() },
  );
  const { id } = sections.at(-1) as SidebarSection;
  return { params: { workspaceId: world.w, sectionId: id } };
};

export const channelRows = {
  createChannel: (world) => ({ ...workspace(world), body: { name: world.name(), kind: 'public' } }),
  listChannels: workspace,
  getChannel: room,
  updateChannel: (world) => ({ ...room(world), body: { posting: 'everyone' } }),
  deleteChannel: spare,
  archiveChannel: spare,
  unarchiveChannel: async (world, caller) => {
    const request = await spare(world, caller);
    if (request.params.channelId !== world.c)
      await world.do(world.owner, `POST /channels/${request.params.channelId}/archive`);
    return request;
  },
  joinChannel: room,
  listChannelMembers: room,
  addChannelMember: async (world) => ({ ...room(world), body: { userId: (await world.newMember()).id } }),
  addChannelMembers: async (world) => ({ ...room(world), body: { userIds: [(await world.newMember()).id] } }),
  updateChannelMember: async (world) => ({ ...(await ofNewMember(world)), body: { role: 'admin' } }),
  removeChannelMember: ofNewMember,

  openDirect: (world) => ({ ...workspace(world), body: { userIds: [world.bystander.id] } }),
  listDirectInvitations: async (world, caller) => ({ params: await direct(world, caller) }),
  proposeDirectMember: async (world, caller) => ({
    params: await direct(world, caller),
    body: { userId: world.companion.id },
  }),
  acceptDirectInvitation: proposed,
  declineDirectInvitation: proposed,

  getChannelPreferences: room,
  updateChannelPreferences: (world) => ({ ...room(world), body: { muted: true } }),
  placeChannel: (world) => ({ ...room(world), body: { sectionId: null } }),
  getSidebar: workspace,
  createSection: (world) => ({ ...workspace(world), body: { name: world.name() } }),
  updateSection: async (world, caller) => ({ ...(await section(world, caller)), body: { collapsed: true } }),
  deleteSection: section,
} satisfies Partial<Rows>;

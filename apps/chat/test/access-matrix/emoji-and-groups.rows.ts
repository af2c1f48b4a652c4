import type { CallerKind, CustomEmoji, Group } from '#contracts';
import { png, upload } from '../pictures.js';
import type { Rows } from './row.js';
import type { World } from './world.js';

const workspace = ({ w }: World) => ({ params: { workspaceId: w } });
const imageOf = async (world: World, caller: CallerKind) =>
  (await upload(world.chat, world.insider(caller), png())).body.id;
const emoji = async (world: World) => {
  const body = { name: world.name(), imageId: await imageOf(world, 'owner') };
  const { id } = await world.do<CustomEmoji>(world.owner, `POST /workspaces/${world.w}/emoji`, body);
  return { params: { workspaceId: world.w, emojiId: id } };
};
const group = async (world: World) => {
  const body = { handle: world.name(), name: 'Designers', userIds: [world.bystander.id] };
  const { id } = await world.do<Group>(world.owner, `POST /workspaces/${world.w}/groups`, body);
  return { params: { workspaceId: world.w, groupId: id } };
};

export const emojiAndGroupRows = {
  createEmoji: async (world, caller) => ({
    ...workspace(world),
    body: { name: world.name(), imageId: await imageOf(world, caller) },
  }),
  listEmoji: workspace,
  renameEmoji: async (world) => ({ ...(await emoji(world)), body: { name: world.name() } }),
  deleteEmoji: emoji,

  createGroup: (world) => ({ ...workspace(world), body: { handle: world.name(), name: 'Designers' } }),
  listGroups: workspace,
  updateGroup: async (world) => ({ ...(await group(world)), body: { name: 'Writers' } }),
  deleteGroup: group,
  listGroupMembers: group,
  addGroupMembers: async (world) => ({
    ...(await group(world)),
    body: { userIds: [world.people.member.id] },
  }),
  removeGroupMember: async (world) => {
    const { params } = await group(world);
    return { params: { ...params, userId: world.bystander.id } };
  },
} satisfies Partial<Rows>;

import { randomUUID } from 'node:crypto';
import type { MyChannel, OperationId } from '#contracts';
import type { Action } from './action.js';
import type { World } from './world.js';

/** A channel with all three in it. */
const shared = async (w: World, kind: 'public' | 'private' = 'public'): Promise<string> => {
  const id = await w.channel(kind);
  for (const { id: userId } of [w.bob, w.gus]) await w.do(w.ada, `POST /channels/${id}/members`, { userId });
  return id;
};
const group = async (w: World): Promise<string> => {
  const zoe = await w.newcomer(`Zoe${randomUUID().slice(0, 4)}`);
  const body = { userIds: [w.bob.id, zoe.id] };
  return ((await w.do(w.ada, 'POST /W/dms', body)) as unknown as MyChannel).channel.id;
};

export const channelActions: Partial<Record<OperationId, Action>> = {
  createChannel: async (w) => () => w.channel('private'),
  updateChannel: async (w) => {
    const id = await shared(w);
    return () => w.do(w.ada, `PATCH /channels/${id}`, { topic: 'new', kind: 'private', slowModeSeconds: 5 });
  },
  deleteChannel: async (w) => {
    const id = await shared(w);
    return () => w.do(w.ada, `DELETE /channels/${id}`);
  },
  archiveChannel: async (w) => {
    const id = await shared(w);
    return () => w.do(w.ada, `POST /channels/${id}/archive`);
  },
  unarchiveChannel: async (w) => {
    const id = await shared(w);
    await w.do(w.ada, `POST /channels/${id}/archive`);
    return () => w.do(w.ada, `POST /channels/${id}/unarchive`);
  },
  joinChannel: async (w) => {
    const id = await w.channel();
    await w.say(w.ada, 'before', {}, id);
    return () => w.do(w.bob, `POST /channels/${id}/join`);
  },
  addChannelMember: async (w) => {
    const id = await w.channel('private');
    return () => w.do(w.ada, `POST /channels/${id}/members`, { userId: w.gus.id });
  },
  addChannelMembers: async (w) => {
    const id = await w.channel('private');
    return () => w.do(w.ada, `POST /channels/${id}/members/batch`, { userIds: [w.bob.id, w.gus.id] });
  },
  updateChannelMember: async (w) => {
    const id = await shared(w);
    return () => w.do(w.ada, `PATCH /channels/${id}/members/${w.bob.id}`, { role: 'admin' });
  },
  removeChannelMember: async (w) => {
    const id = await shared(w);
    return () => w.do(w.ada, `DELETE /channels/${id}/members/${w.gus.id}`);
  },
  openDirect: async (w) => async () => w.do(w.bob, 'POST /W/dms', { userIds: [w.gus.id] }),
  proposeDirectMember: async (w) => {
    const id = await group(w);
    const { id: userId } = await w.newcomer('Kay');
    return () => w.do(w.ada, `POST /channels/${id}/direct-invitations`, { userId });
  },
  acceptDirectInvitation: async (w) => {
    const { id: userId } = await w.newcomer('Leo');
    const asked = await w.do(w.ada, `POST /channels/${w.directId}/direct-invitations`, { userId });
    return () => w.do(w.bob, `POST /channels/${w.directId}/direct-invitations/${asked.id}/accept`);
  },
  declineDirectInvitation: async (w) => {
    const id = await group(w);
    const { id: userId } = await w.newcomer('Mia');
    const asked = await w.do(w.ada, `POST /channels/${id}/direct-invitations`, { userId });
    return () => w.do(w.bob, `POST /channels/${id}/direct-invitations/${asked.id}/decline`);
  },
  updateChannelPreferences: async (w) => () => w.do(w.gus, 'PATCH /C/preferences', { muted: true }),
  createSection: async (w) => () => w.do(w.bob, 'POST /W/sections', { name: 'Projects' }),
  updateSection: async (w) => {
    const { sections } = (await w.do(w.bob, 'POST /W/sections', { name: 'Later' })) as unknown as Sections;
    return () => w.do(w.bob, `PATCH /W/sections/${sections.at(-1)?.id ?? ''}`, { collapsed: true });
  },
  placeChannel: async (w) => {
    const { sections } = (await w.do(w.bob, 'POST /W/sections', { name: 'Here' })) as unknown as Sections;
    return () => w.do(w.bob, 'PUT /C/section', { sectionId: sections.at(-1)?.id });
  },
  deleteSection: async (w) => {
    const { sections } = (await w.do(w.bob, 'POST /W/sections', { name: 'Gone' })) as unknown as Sections;
    return () => w.do(w.bob, `DELETE /W/sections/${sections.at(-1)?.id ?? ''}`);
  },
};

type Sections = { sections: { id: string }[] };

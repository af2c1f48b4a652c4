import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MyChannel, OperationId, Route } from '#contracts';
import { operations, requestTo, send, verdictOf } from './calls.js';
import { World } from './world.js';

/** Operations that name something besides the place it is in: by the path, or in the body. */
const within = (place: string) =>
  operations.filter(([, { path }]) => new RegExp(`^/${place}s/:${place}Id/.*:`).test(path));
/** What is named in a body, and what is answered to whoever asks for it in another workspace of theirs. */
const named: Partial<Record<OperationId, string>> = {
  transferWorkspace: 'member.not_found',
  openDirect: 'member.not_found',
  scheduleMessage: 'channel.not_found',
};

describe('what is in another place', () => {
  let world: World;
  let otherWorkspace: string;
  beforeAll(async () => {
    world = await World.start();
    otherWorkspace = (await world.chat.workspace(world.owner)).id;
  });
  afterAll(() => world?.stop());

  /** Another channel of the owner; for what only conversations have, another conversation. */
  const another = async ({ path }: Route): Promise<string> => {
    if (!path.includes('direct-invitations')) return world.channel();
    const body = { userIds: [world.companion.id] };
    return (await world.do<MyChannel>(world.owner, `POST /workspaces/${world.w}/dms`, body)).channel.id;
  };

  // The owner may do all of this, in either place.
  it.each(within('workspace'))('%s does not find what is in another workspace', async (id, route) => {
    const request = await requestTo(world, id, 'owner');
    const wrong = { ...request, params: { ...request.params, workspaceId: otherWorkspace } };
    expect(verdictOf(await send(world, route, wrong, 'owner'))).toMatch(/^[a-z_]+\.not_found$/);
    expect(verdictOf(await send(world, route, request, 'owner'))).toBe('ok');
  });

  it.each(within('channel'))('%s does not find what is in another channel', async (id, route) => {
    const request = await requestTo(world, id, 'owner');
    const wrong = { ...request, params: { ...request.params, channelId: await another(route) } };
    expect(verdictOf(await send(world, route, wrong, 'owner'))).toMatch(/^[a-z_]+\.not_found$/);
    expect(verdictOf(await send(world, route, request, 'owner'))).toBe('ok');
  });

  it.each(operations.filter(([id]) => id in named))(
    '%s does not take what is in another workspace',
    async (id, route) => {
      const request = await requestTo(world, id, 'owner');
      const wrong = { ...request, params: { ...request.params, workspaceId: otherWorkspace } };
      expect(verdictOf(await send(world, route, wrong, 'owner')).split(' ')[0]).toBe(
        named[id as OperationId],
      );
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '#contracts';
import { register } from '#platform';
import { eventually, newId } from '#testing';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

describe('the limits of event streams', () => {
  let world: World;
  const ask = async (notify: RunningNotify, person: Person) => {
    const reply = await fetch(notify.path(person.workspaceId), {
      headers: { authorization: `Bearer ${person.token}` },
    });
    const { code } = (await reply.json()) as Problem;
    return { status: reply.status, code, retryAfter: reply.headers.get('retry-after') };
  };
  const refused = async (limit: string): Promise<number> => {
    const { values } = (await register.getSingleMetric('parley_streams_refused_total')?.get()) ?? {
      values: [],
    };
    return values.find(({ labels }) => labels['limit'] === limit)?.value ?? 0;
  };

  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  it('hold for a workspace, whoever in it comes, and not for others', async () => {
    const notify = await RunningNotify.start(world, { STREAMS_PER_WORKSPACE: '2' });
    const workspaceId = newId.workspace();
    const [ada, bob, eve] = await Promise.all([
      world.member(workspaceId),
      world.member(workspaceId),
      world.member(newId.workspace()),
    ]);
    const [adas, bobs] = [await listen(notify, ada), await listen(notify, bob)];
    const before = await refused('workspace');
    expect(await ask(notify, ada)).toEqual({ status: 429, code: 'stream.too_many', retryAfter: '10' });
    expect(await refused('workspace')).toBe(before + 1);
    const eves = await listen(notify, eve);
    await adas.close();
    const again = await eventually(() => listen(notify, bob));
    for (const stream of [bobs, eves, again]) await stream.close();
    await notify.stop();
  });

  it('give back the place of somebody who was refused for another reason', async () => {
    const notify = await RunningNotify.start(world, { STREAMS_PER_WORKSPACE: '1' });
    const workspaceId = newId.workspace();
    const ada = await world.member(workspaceId);
    const stranger = { ...(await world.member(newId.workspace())), workspaceId };
    for (let i = 0; i < 3; i++)
      expect(await ask(notify, stranger)).toMatchObject({ status: 404, code: 'workspace.not_found' });
    await (await listen(notify, ada)).close();
    await notify.stop();
  });

  it('hold for the process, which says so as a whole', async () => {
    const notify = await RunningNotify.start(world, { STREAMS_MAX: '1' });
    const [ada, eve] = [await world.member(newId.workspace()), await world.member(newId.workspace())];
    const adas = await listen(notify, ada);
    expect(await ask(notify, eve)).toEqual({ status: 503, code: 'unavailable', retryAfter: '10' });
    await adas.close();
    await notify.stop();
  });

  it('end with the process: every stream is told when to come back, each at its own time', async () => {
    const notify = await RunningNotify.start(world, {
      STREAM_DRAIN_MS: '500',
      STREAM_DRAIN_RETRY_MS: '2000',
    });
    const ada = await world.member(newId.workspace());
    const streams = await Promise.all(Array.from({ length: 20 }, () => listen(notify, ada)));
    const stopping = notify.stop();
    const lasts = await Promise.all(
      streams.map(async (stream) => {
        let last;
        for await (const frame of stream) last = frame;
        return last;
      }),
    );
    await stopping;
    const retries = lasts.map((frame) => frame?.retry as number);
    for (const frame of lasts) expect(frame?.comment).toBe('draining');
    for (const retry of retries) {
      expect(retry).toBeGreaterThanOrEqual(100);
      expect(retry).toBeLessThan(2100);
    }
    expect(new Set(retries).size).toBeGreaterThan(10);
  });
});

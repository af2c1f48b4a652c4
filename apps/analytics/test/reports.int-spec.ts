import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MessagesPerDay, type UserId, type WorkspaceId, type WorkspaceRole } from '#contracts';
import {
  aMessage,
  aMessageCreated,
  anEvent,
  awayFromEdge,
  contractRoutes,
  DAY_MS,
  eventually,
  newId,
  servedRoutes,
  unvalidatedParameters,
} from '#testing';
import { World } from './running-analytics.js';

describe('messages per day', () => {
  let world: World;
  let app: NestFastifyApplication;
  let workspaceId: WorkspaceId;
  let userId: UserId;

  beforeAll(async () => {
    world = await World.start();
    app = await world.startAnalytics();
  });
  afterAll(async () => {
    await app.close();
    await world.stop();
  });
  beforeEach(() => {
    world.proxy.set('up');
    world.chatFails = false;
    workspaceId = newId.workspace();
    userId = newId.user();
  });

  const join = (role: WorkspaceRole) =>
    world.memberships.set(`${workspaceId} ${userId}`, { role, channelIds: [] });
  const get = async (query = '', token?: string) => {
    const path = `/api/v1/workspaces/${workspaceId}/analytics/messages-per-day${query}`;
    const authorization = `Bearer ${token ?? (await world.keys.sign({ userId }))}`;
    const reply = await fetch(`${await app.getUrl()}${path}`, { headers: { authorization } });
    return { status: reply.status, body: (await reply.json()) as { code?: string } };
  };
  const sent = (daysAgo: number, actorId = newId.user(), workspace = workspaceId) =>
    aMessageCreated(aMessage({ workspaceId: workspace, senderId: actorId }), {
      time: new Date(Date.now() - daysAgo * DAY_MS).toISOString(),
    });
  const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);

  it('serves exactly the routes of the contract, each parameter with a schema', () => {
    expect(servedRoutes(app)).toEqual(contractRoutes('analytics'));
    expect(unvalidatedParameters(app)).toEqual([]);
  });

  it('answers a personal access token that has the scope, within what its person may', async () => {
    const facts = (scopes: string[]) => ({ id: newId.session() as never, userId, scopes, expiresAt: null });
    const token = world.token(facts(['analytics:read']));
    expect((await get('', token)).body.code).toBe('workspace.not_found');
    join('owner');
    await eventually(async () => expect((await get('', token)).status).toBe(200));
    expect((await get('', world.token(facts(['messages:read'])))).body.code).toBe('permission.scope_missing');
  });

  it('counts messages and senders per day, ascending, within the days asked for and the workspace', async () => {
    await awayFromEdge(DAY_MS);
    join('owner');
    const grace = newId.user();
    await world.publish(
      sent(0),
      sent(2, grace),
      sent(2, grace),
      sent(2),
      sent(9),
      sent(0, grace, newId.workspace()),
      anEvent('member.left', { userId: grace, reason: 'left' }, { workspaceId }),
    );
    await eventually(async () => expect(await world.count(workspaceId)).toBe(6), { timeoutMs: 10_000 });
    const { status, body } = await get('?days=7');
    expect(status).toBe(200);
    expect(MessagesPerDay.parse(body)).toEqual({
      data: [
        { day: dayOf(2), messages: 3, senders: 2 },
        { day: dayOf(0), messages: 1, senders: 1 },
      ],
      nextCursor: null,
    });
    expect((await get()).body).toMatchObject({ data: [{ day: dayOf(9) }, {}, {}] });
    expect((await get('?days=1')).body).toMatchObject({ data: [{ day: dayOf(0), messages: 1 }] });
  });

  it('is empty for a workspace without messages', async () => {
    join('admin');
    expect(await get()).toEqual({ status: 200, body: { data: [], nextCursor: null } });
  });

  it('does not count a message twice whose event was delivered twice', async () => {
    join('admin');
    const event = sent(0);
    await world.publish(event);
    await eventually(async () => expect(await world.count(workspaceId)).toBe(1));
    await world.bus.js.publish(`evt.v1.0.${workspaceId}.user.x.message.created`, JSON.stringify(event));
    await eventually(async () => expect(await world.count(workspaceId, { final: false })).toBe(2));
    expect((await get()).body).toMatchObject({ data: [{ messages: 1, senders: 1 }] });
  });

  it.each(['member', 'bot'] as const)('is denied to a %s', async (role) => {
    join(role);
    expect(await get()).toMatchObject({ status: 403, body: { code: 'permission.denied' } });
  });

  it('does not tell strangers that the workspace exists', async () => {
    expect(await get()).toMatchObject({ status: 404, body: { code: 'workspace.not_found' } });
  });

  it('refuses callers without a valid token', async () => {
    expect(await get('', 'nonsense')).toMatchObject({ status: 401, body: { code: 'auth.token_invalid' } });
    const expired = await world.keys.sign({ userId, expiresIn: -10 });
    expect(await get('', expired)).toMatchObject({ status: 401, body: { code: 'auth.token_expired' } });
  });

  it('refuses the tokens of a session that was revoked', async () => {
    join('owner');
    const sessionId = newId.session();
    const token = await world.keys.sign({ userId, sessionId });
    expect((await get('', token)).status).toBe(200);
    await world.publish(anEvent('session.revoked', { sessionId }, { workspaceId: null, actorId: userId }));
    await eventually(async () =>
      expect(await get('', token)).toMatchObject({ status: 401, body: { code: 'auth.session_revoked' } }),
    );
  });

  it.each(['?days=0', '?days=367', '?days=x', '?since=yesterday'])('refuses the query %s', async (query) => {
    join('owner');
    expect(await get(query)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('says unavailable, and shows nothing, while chat cannot tell who the caller is', async () => {
    join('owner');
    world.chatFails = true;
    expect(await get()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  });

  it('says unavailable, not internal, while ClickHouse is down', async () => {
    join('owner');
    world.proxy.set('down');
    expect(await get()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    world.proxy.set('up');
    await eventually(async () => expect((await get()).status).toBe(200));
  });
});

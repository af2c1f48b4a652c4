import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessTokenId, SessionId } from '#contracts';
import { anEvent, newId, openStream, StreamRefused } from '#testing';
import { Conversation, heardUntil, heardUntilEnd } from './conversation.js';
import { listen, RunningNotify, World } from './running-notify.js';

describe('an event stream of a program', () => {
  let world: World;
  let notify: RunningNotify;
  const room = () => new Conversation(world, newId.workspace(), newId.channel());
  const refusal = async (url: string, token: string): Promise<{ status: number; code: string }> => {
    const refused = await openStream(url, token).then(
      () => null,
      (error: unknown) => error as StreamRefused,
    );
    const { code } = JSON.parse(refused?.body ?? '{}') as { code: string };
    return { status: refused?.status ?? 200, code };
  };

  beforeAll(async () => {
    world = await World.start();
    notify = await RunningNotify.start(world);
  });
  afterAll(async () => {
    await notify?.stop();
    await world?.stop();
  });

  it('opens for a personal access token with the scope, and ends when it is revoked or expires', async () => {
    const general = room();
    const { workspaceId } = general.channel;
    const { userId } = await world.member(workspaceId, general.channel.id);
    const facts = (expiresAt: string | null, scopes = ['events:read']) => ({
      id: newId.session() as unknown as AccessTokenId,
      userId,
      scopes,
      expiresAt,
    });
    const kept = facts(null);
    const [forever, brief] = [
      world.chat.token(kept),
      world.chat.token(facts(new Date(Date.now() + 1500).toISOString())),
    ];
    const scopeless = world.chat.token(facts(null, ['messages:read']));
    expect(await refusal(notify.path(workspaceId), scopeless)).toEqual({
      status: 403,
      code: 'permission.scope_missing',
    });
    const [long, short] = [
      await listen(notify, { workspaceId, token: forever }),
      await listen(notify, { workspaceId, token: brief }),
    ];
    expect((await heardUntilEnd(short))?.comments).toContain('token expired');
    expect(await refusal(notify.path(workspaceId), brief)).toEqual({
      status: 401,
      code: 'auth.token_expired',
    });
    await general.say('still here');
    expect(await heardUntil(long, 'still here')).toEqual(['still here']);
    const sessionId = kept.id as unknown as SessionId;
    await world.publish(anEvent('session.revoked', { sessionId }, { workspaceId: null, actorId: userId }), {
      scope: 'user',
      id: userId,
    });
    expect((await heardUntilEnd(long))?.comments).toContain('session revoked');
    // Although what was known of it is remembered for a minute.
    expect(await refusal(notify.path(workspaceId), forever)).toEqual({
      status: 401,
      code: 'auth.session_revoked',
    });
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RpcClient } from '#bus';
import { rpcSubjects, type AccessToken, type LiveSessionsReply } from '#contracts';
import { newId } from '#testing';
import { RunningChat } from './running-chat.js';

let chat: RunningChat;
beforeAll(async () => {
  chat = await RunningChat.start();
});
afterAll(() => chat?.stop());

it('tells the sessions and tokens that last from those that ended, expired or never were', async () => {
  const [ada, bob, cleo] = await Promise.all(['Ada', 'Bob', 'Cleo'].map((name) => chat.person(name)));
  if (!ada || !bob || !cleo) throw new Error('nobody there');
  const { body: token } = await chat.call<AccessToken>('POST /me/access-tokens', {
    token: ada.token,
    body: { password: 'correct horse', name: 'Script', scopes: ['messages:read'] },
  });
  await chat.call(`DELETE /sessions/${bob.sessionId}`, { token: bob.token });
  const sessionIds = [ada.sessionId, bob.sessionId, cleo.sessionId, token.id, newId.session()];
  const live = async () =>
    (await new RpcClient(chat.bus.nats).request<LiveSessionsReply>(rpcSubjects.liveSessions, { sessionIds }))
      .sessionIds;
  expect((await live()).sort()).toEqual([ada.sessionId, cleo.sessionId, token.id].sort());
  await chat.call(`DELETE /me/access-tokens/${token.id}`, { token: ada.token });
  await chat.call('POST /me/deletion', { token: cleo.token, body: { password: 'correct horse' } });
  expect(await live()).toEqual([ada.sessionId]);
});

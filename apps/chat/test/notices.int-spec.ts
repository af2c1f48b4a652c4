import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RpcClient } from '#bus';
import { rpcSubjects, type Message, type NoticesReply } from '#contracts';
import { eventually, newId, tokenIn } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('notices', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let w: string;
  const ask = (...notices: [Person | { id: string }, string][]) =>
    new RpcClient(chat.bus.nats).request<NoticesReply>(rpcSubjects.notices, {
      notices: notices.map(([{ id: userId }, messageId]) => ({ userId, messageId })),
    });
  const said = async (channel: string, text: string) => (await chat.send(ada, channel, text)).body.id;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
  });
  afterAll(() => chat?.stop());

  it('tell who said what and where, with names for mentions', async () => {
    const channel = await chat.channel(ada, w);
    const { notices } = await ask([bob, await said(channel, `Hi <@${bob.id}>,\nlook!`)]);
    expect(notices).toEqual([
      {
        workspaceName: 'Acme',
        channelName: expect.stringMatching(/^c-/),
        senderName: 'Ada',
        preview: 'Hi @Bob, look!',
      },
    ]);
  });

  it('tell nothing to whom the message is not for, and nothing that was deleted', async () => {
    const secret = await chat.channel(ada, w, 'private');
    const open = await chat.channel(ada, w);
    const stranger = await chat.person('Eve');
    const [hidden, shown, gone] = [
      await said(secret, 'secret'),
      await said(open, 'shown'),
      await said(open, 'gone'),
    ];
    await chat.call<Message>(`DELETE /messages/${gone}`, { token: ada.token });
    const { notices } = await ask(
      [bob, hidden],
      [ada, hidden],
      [stranger, shown],
      [bob, shown],
      [bob, gone],
      [bob, newId.message()],
    );
    expect(notices.map((notice) => notice?.preview ?? null)).toEqual([
      null,
      'secret',
      null,
      'shown',
      null,
      null,
    ]);
  });

  it('have an address only once it is confirmed', async () => {
    const cleo = await chat.person('Cleo');
    const unknown = { id: newId.user() };
    const recipients = async () =>
      (await ask([cleo, newId.message()], [unknown, newId.message()])).recipients;
    const before = { userId: cleo.id, name: 'Cleo', email: null, locale: null, timeZone: null };
    expect(await recipients()).toEqual([before]);
    const token = await eventually(async () => {
      const found = tokenIn((await chat.mailsTo(cleo.email))[0]);
      if (found === '') throw new Error('no mail yet');
      return found;
    });
    await chat.call('POST /auth/verify-email', { body: { token } });
    await chat.call('PATCH /me', { token: cleo.token, body: { locale: 'vi', timeZone: 'Asia/Ho_Chi_Minh' } });
    expect(await recipients()).toEqual([
      { ...before, email: cleo.email, locale: 'vi', timeZone: 'Asia/Ho_Chi_Minh' },
    ]);
  });
});

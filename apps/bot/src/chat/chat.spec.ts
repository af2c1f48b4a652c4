import { describe, expect, it } from '@jest/globals';
import { RetryLater } from '#bus';
import { SystemClock, type Clock } from '#core';
import { newId } from '#testing';
import type { ChatHttp } from './chat-http.js';
import { Chat } from './chat.js';
import { ServiceTokens } from './service-token.js';

/** Answers each call with the next status; tokens are always granted. */
const chatThatAnswers = (...statuses: number[]) => {
  const calls: { path: string; token: string | undefined }[] = [];
  let issued = 0;
  const http = {
    post: async (path: string, _body: unknown, token?: string) => {
      calls.push({ path, token });
      if (path !== '/auth/token') return new Response('{}', { status: statuses.shift() ?? 201 });
      return Response.json({ accessToken: `token-${++issued}`, expiresIn: 600, userId: newId.user() });
    },
  } as unknown as ChatHttp;
  return { http, calls, issued: () => issued };
};
const message = () => ({ clientMessageId: newId.clientMessage(), text: 'pong' });

const setUp = (statuses: number[], clock: Clock = new SystemClock()) => {
  const fake = chatThatAnswers(...statuses);
  return { ...fake, chat: new Chat(fake.http, new ServiceTokens(fake.http, 'secret', clock)) };
};

describe('sending', () => {
  it('fails for good when chat calls the message wrong', async () => {
    const { chat } = setUp([400]);
    const sending = chat.send(newId.channel(), message());
    await expect(sending).rejects.toThrow(/400/);
    await expect(sending).rejects.not.toBeInstanceOf(RetryLater);
  });

  it('tries a fresh token once and then waits', async () => {
    const { chat, issued } = setUp([401, 401]);
    await expect(chat.send(newId.channel(), message())).rejects.toBeInstanceOf(RetryLater);
    expect(issued()).toBe(2);
  });

  it('takes an archived channel as it takes one it was removed from', async () => {
    const { chat } = setUp([409, 403, 410]);
    for (let i = 0; i < 3; i++) expect(await chat.send(newId.channel(), message())).toBe('unwelcome');
  });
});

describe('the token', () => {
  it('is asked for once by many at the same time', async () => {
    const { chat, issued } = setUp([]);
    const ids = await Promise.all([chat.me(), chat.me(), chat.me()]);
    expect(new Set(ids).size).toBe(1);
    expect(issued()).toBe(1);
  });

  it('is renewed a minute before it expires and not earlier', async () => {
    let now = 0;
    const { chat, issued } = setUp([], { now: () => new Date(now) });
    await chat.me();
    now = 539_999;
    await chat.me();
    expect(issued()).toBe(1);
    now = 540_000;
    await chat.me();
    expect(issued()).toBe(2);
  });
});

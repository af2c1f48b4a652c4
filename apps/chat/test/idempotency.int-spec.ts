import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page, Reminder } from '#contracts';
import { RunningChat, type Person } from './running-chat.js';

describe('Idempotency-Key', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let w: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
  });
  afterAll(() => chat.stop());

  const remindAt = new Date(Date.now() + 3_600_000).toISOString();
  const remind = (who: Person, key: string | null, text = 'tea', app = chat.app) =>
    chat.call<Reminder>(
      `POST /workspaces/${w}/reminders`,
      { body: { text, remindAt }, token: who.token, headers: key === null ? {} : { 'idempotency-key': key } },
      app,
    );
  const reminders = async (who: Person) =>
    (await chat.call<Page<Reminder>>(`GET /workspaces/${w}/reminders?limit=200`, { token: who.token })).body
      .data.length;

  it('does a request once and answers each repetition with the first reply', async () => {
    const key = randomUUID();
    const before = await reminders(ada);
    const first = await remind(ada, key);
    const again = await remind(ada, key, 'tea', await chat.second());
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(await reminders(ada)).toBe(before + 1);
  });

  it('does it once however many come at once', async () => {
    const key = randomUUID();
    const before = await reminders(ada);
    const replies = await Promise.all(Array.from({ length: 12 }, () => remind(ada, key)));
    const others = replies.filter((reply) => reply.status !== 201);
    expect(new Set(others.map((reply) => reply.body.code))).toEqual(
      new Set(others.length > 0 ? ['request.in_progress'] : []),
    );
    expect(await reminders(ada)).toBe(before + 1);
    expect((await remind(ada, key)).status).toBe(201);
    expect(await reminders(ada)).toBe(before + 1);
  });

  it('refuses the key for another request, and keeps those of two people apart', async () => {
    const key = randomUUID();
    await remind(ada, key);
    expect((await remind(ada, key, 'coffee')).body.code).toBe('request.key_reused');
    const bobs = await remind(bob, key, 'coffee');
    expect([bobs.status, bobs.headers['idempotency-replayed']]).toEqual([201, undefined]);
  });

  it('lets what failed be tried again', async () => {
    const key = randomUUID();
    expect((await remind(ada, key, '')).body.code).toBe('request.invalid');
    expect((await remind(ada, key)).status).toBe(201);
  });

  it('names a key that is none, and asks for a token first', async () => {
    expect((await remind(ada, 'with space')).body.errors?.[0]?.pointer).toBe('/headers/idempotency-key');
    const nobody = await chat.call(`POST /workspaces/${w}/reminders`, {
      body: { text: 'x', remindAt },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(nobody.body.code).toBe('auth.unauthenticated');
  });

  it('keeps no reply that holds a secret', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { name: 'ci', scopes: ['messages:read'], password: 'correct horse' };
    for (let time = 0; time < 2; time++) {
      const made = await chat.call('POST /me/access-tokens', { body, token: ada.token, headers });
      expect(made.headers['idempotency-replayed']).toBeUndefined();
    }
  });
});

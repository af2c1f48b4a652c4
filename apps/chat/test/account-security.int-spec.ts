import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { AuthResult, Me } from '#contracts';
import { Clock } from '#core';
import { eventually, tokenIn, type ReadMail } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

const NEW_PASSWORD = 'lanterns over quiet water';
const HOUR = 3_600_000;
const VERIFY = 'Confirm your e-mail address';
const USE_NEW = 'Confirm your new e-mail address';
const RESET = 'Reset your password';

describe('the address and password of an account', () => {
  let chat: RunningChat;
  let database: Client;
  beforeAll(async () => {
    chat = await RunningChat.start();
    database = new Client({ connectionString: chat.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await chat.stop();
  });

  const post = (route: string, body: object, person?: Person) =>
    chat.call(`POST ${route}`, { body, token: person?.token });
  const me = async (person: Person) => (await chat.call<Me>('GET /me', { token: person.token })).body;
  const login = (email: string, password: string) =>
    chat.call<AuthResult>('POST /auth/login', { body: { email, password } });
  const address = () => `new-${randomUUID()}@example.org`;
  /** The nth mail of a subject to an address, once it is there. */
  const mail = (to: string, subject = VERIFY, n = 1): Promise<ReadMail> =>
    eventually(
      async () => {
        const found = (await chat.mailsTo(to)).filter((one) => one.subject === subject)[n - 1];
        if (!found) throw new Error(`no mail "${subject}" to ${to}`);
        return found;
      },
      { timeoutMs: 10_000, everyMs: 100 },
    );
  const token = async (to: string, subject = VERIFY, n = 1) => tokenIn(await mail(to, subject, n));
  const passTime = (ms: number) => {
    const clock = chat.app.get(Clock);
    const shifted = Date.now() + ms;
    clock.now = () => new Date(shifted);
    return () => Reflect.deleteProperty(clock, 'now');
  };

  describe('verifying the address', () => {
    it('takes the link of the mail, once, and tells the devices', async () => {
      const ada = await chat.person();
      expect((await me(ada)).emailVerified).toBe(false);
      const letter = await mail(ada.email);
      expect(letter.text).toContain('https://chat.example/verify-email#');
      const link = tokenIn(letter);
      const before = (await chat.allEvents()).length;
      const replies = await Promise.all([1, 2].map(() => post('/auth/verify-email', { token: link })));
      expect(replies.map(({ status }) => status).sort()).toEqual([204, 410]);
      const after = await me(ada);
      expect(after.emailVerified).toBe(true);
      await eventually(async () => {
        const events = (await chat.events()).slice(before).filter(({ actorId }) => actorId === ada.id);
        expect(events.map(({ type, data }) => [type, data])).toEqual([['me.updated', { me: after }]]);
      });
    });

    it('is refused with a token that is none, is old, or is for something else', async () => {
      const ada = await chat.person();
      expect((await post('/auth/verify-email', { token: 'x'.repeat(43) })).body.code).toBe(
        'auth.link_invalid',
      );
      const malformed = await post('/auth/verify-email', { token: 'short' });
      expect(malformed.body.errors?.[0]?.pointer).toBe('/token');
      const link = await token(ada.email);
      expect((await post('/auth/reset-password', { token: link, password: NEW_PASSWORD })).body.code).toBe(
        'auth.link_invalid',
      );
      const restore = passTime(7 * 24 * HOUR + 1000);
      try {
        expect((await post('/auth/verify-email', { token: link })).body.code).toBe('auth.link_invalid');
      } finally {
        restore();
      }
      expect((await me(ada)).emailVerified).toBe(false);
    });

    it('can be mailed again, not without end, and not once it is done', async () => {
      const ada = await chat.person();
      const first = await token(ada.email);
      expect((await post('/me/verification', {}, ada)).status).toBe(204);
      const second = await token(ada.email, VERIFY, 2);
      expect(second).not.toBe(first);
      expect((await post('/auth/verify-email', { token: first })).status).toBe(204);
      for (let n = 0; n < 4; n++) expect((await post('/me/verification', {}, ada)).status).toBe(204);
      const tooMany = await post('/me/verification', {}, ada);
      expect([tooMany.body.code, Number(tooMany.headers['retry-after']) > 0]).toEqual(['rate_limited', true]);
      // The jobs ran, and found nothing to verify.
      await post('/auth/forgot-password', { email: ada.email });
      await mail(ada.email, RESET);
      expect(await chat.mailsTo(ada.email)).toHaveLength(3);
    });

    it('stores nothing that opens an account', async () => {
      const ada = await chat.person();
      const link = await token(ada.email);
      const { rows } = await database.query<{ dump: string }>(
        `SELECT (SELECT string_agg(t::text, '') FROM chat.account_tokens t) ||
                coalesce((SELECT string_agg(j::text, '') FROM jobs.job j), '') AS dump`,
      );
      expect(rows[0]?.dump).toContain(ada.id);
      expect(rows[0]?.dump).not.toContain(link);
    });
  });

  describe('changing the address', () => {
    it('counts once the new one is confirmed; the old one is told', async () => {
      const ada = await chat.person();
      const oldLink = await token(ada.email);
      const next = address();
      expect((await post('/me/email', { email: next, password: 'correct horse' }, ada)).status).toBe(204);
      expect(await me(ada)).toMatchObject({ email: ada.email, pendingEmail: next });
      expect((await login(next, 'correct horse')).body.code).toBe('auth.invalid_credentials');
      expect((await post('/auth/verify-email', { token: await token(next, USE_NEW) })).status).toBe(204);
      expect(await me(ada)).toMatchObject({ email: next, emailVerified: true });
      expect(await me(ada)).not.toHaveProperty('pendingEmail');
      expect((await login(next, 'correct horse')).status).toBe(200);
      expect((await login(ada.email, 'correct horse')).body.code).toBe('auth.invalid_credentials');
      await mail(ada.email, 'Your e-mail address was changed');
      expect((await post('/auth/verify-email', { token: oldLink })).body.code).toBe('auth.link_invalid');
    });

    it('needs the password', async () => {
      const ada = await chat.person();
      const reply = await post('/me/email', { email: address(), password: 'wrong' }, ada);
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.password_wrong']);
      expect(await me(ada)).not.toHaveProperty('pendingEmail');
    });

    it('does not tell whether someone else has it; they are told instead', async () => {
      const [ada, bob] = [await chat.person(), await chat.person('Bob')];
      expect((await post('/me/email', { email: bob.email, password: 'correct horse' }, ada)).status).toBe(
        204,
      );
      await mail(bob.email, 'You already have an account');
      expect((await me(bob)).email).toBe(bob.email);
    });

    it('of two people to the same one goes to who confirms first', async () => {
      const people = [await chat.person(), await chat.person('Bob')];
      const next = address();
      for (const person of people)
        await post('/me/email', { email: next, password: 'correct horse' }, person);
      const links = [await token(next, USE_NEW, 1), await token(next, USE_NEW, 2)];
      const replies = await Promise.all(links.map((link) => post('/auth/verify-email', { token: link })));
      expect(replies.map(({ status, body }) => body.code ?? status).sort()).toEqual([
        204,
        'auth.email_taken',
      ]);
      const owners = (await Promise.all(people.map(me))).filter(({ email }) => email === next);
      expect(owners).toHaveLength(1);
    });
  });

  describe('a forgotten password', () => {
    const forget = (email: string) => post('/auth/forgot-password', { email });

    it('is replaced by who has the mailbox; all sessions end, once per link', async () => {
      const ada = await chat.person();
      await forget(ada.email);
      const letter = await mail(ada.email, RESET);
      expect(letter.text).toContain('https://chat.example/reset-password#');
      const link = tokenIn(letter);
      const attempts = await Promise.all(
        [1, 2].map(() => post('/auth/reset-password', { token: link, password: NEW_PASSWORD })),
      );
      expect(attempts.map(({ status }) => status).sort()).toEqual([204, 410]);
      expect((await chat.call('GET /me', { token: ada.token })).body.code).toBe('auth.session_revoked');
      expect((await login(ada.email, 'correct horse')).body.code).toBe('auth.invalid_credentials');
      const { body } = await login(ada.email, NEW_PASSWORD);
      expect(body.user.emailVerified).toBe(true);
      await mail(ada.email, 'Your password was changed');
    });

    it('is the end of a change of address that somebody else had begun', async () => {
      const ada = await chat.person();
      const intruders = address();
      expect((await post('/me/email', { email: intruders, password: 'correct horse' }, ada)).status).toBe(
        204,
      );
      const link = await token(intruders, USE_NEW);
      await forget(ada.email);
      await post('/auth/reset-password', { token: await token(ada.email, RESET), password: NEW_PASSWORD });
      expect((await post('/auth/verify-email', { token: link })).body.code).toBe('auth.link_invalid');
      const { user } = (await login(ada.email, NEW_PASSWORD)).body;
      expect([user.email, 'pendingEmail' in user]).toEqual([ada.email, false]);
    });

    it('is answered alike for people and for nobody, and mails nobody', async () => {
      const nobody = address();
      const ada = await chat.person();
      const [known, unknown] = [await forget(ada.email), await forget(nobody)];
      expect([known.status, unknown.status]).toEqual([204, 204]);
      await mail(ada.email, RESET);
      expect(await chat.mailsTo(nobody)).toEqual([]);
    });

    it('is throttled alike too', async () => {
      for (const email of [(await chat.person()).email, address()]) {
        for (let n = 0; n < 5; n++) expect((await forget(email)).status).toBe(204);
        expect((await forget(email)).body.code).toBe('rate_limited');
      }
    });

    it('is not replaced by a weak one, which leaves the link usable, nor after an hour', async () => {
      const ada = await chat.person('Ada');
      await forget(ada.email);
      const link = await token(ada.email, RESET);
      const weak = await post('/auth/reset-password', { token: link, password: 'Password123!' });
      expect([weak.body.code, weak.body.errors?.[0]?.pointer]).toEqual(['auth.password_weak', '/password']);
      const restore = passTime(HOUR + 1000);
      try {
        const late = await post('/auth/reset-password', { token: link, password: NEW_PASSWORD });
        expect(late.body.code).toBe('auth.link_invalid');
      } finally {
        restore();
      }
      expect((await post('/auth/reset-password', { token: link, password: NEW_PASSWORD })).status).toBe(204);
    });

    it('that was locked by guessing is open again afterwards', async () => {
      const ada = await chat.person();
      for (let n = 0; n < 10; n++) await login(ada.email, 'wrong');
      expect((await login(ada.email, 'correct horse')).body.code).toBe('rate_limited');
      await forget(ada.email);
      await post('/auth/reset-password', { token: await token(ada.email, RESET), password: NEW_PASSWORD });
      expect((await login(ada.email, NEW_PASSWORD)).status).toBe(200);
    });
  });

  describe('changing the password', () => {
    const change = (person: Person, currentPassword: string, password: string) =>
      post('/me/password', { currentPassword, password }, person);

    it('needs the present one, ends the other sessions, keeps this one, and tells by mail', async () => {
      const ada = await chat.person();
      const other = (await login(ada.email, 'correct horse')).body.accessToken as string;
      const wrong = await change(ada, 'wrong', NEW_PASSWORD);
      expect([wrong.status, wrong.body.code]).toEqual([403, 'auth.password_wrong']);
      expect((await change(ada, 'correct horse', NEW_PASSWORD)).status).toBe(204);
      expect((await chat.call('GET /me', { token: other })).body.code).toBe('auth.session_revoked');
      expect((await chat.call('GET /me', { token: ada.token })).status).toBe(200);
      expect((await login(ada.email, NEW_PASSWORD)).status).toBe(200);
      await mail(ada.email, 'Your password was changed');
    });

    it('voids the links that were mailed to reset it', async () => {
      const ada = await chat.person();
      await post('/auth/forgot-password', { email: ada.email });
      const link = await token(ada.email, RESET);
      await change(ada, 'correct horse', NEW_PASSWORD);
      expect(
        (await post('/auth/reset-password', { token: link, password: 'another quiet lantern' })).body.code,
      ).toBe('auth.link_invalid');
    });

    it('takes back the change of address that was begun before, on all devices', async () => {
      const ada = await chat.person();
      const wanted = address();
      await post('/me/email', { email: wanted, password: 'correct horse' }, ada);
      const link = await token(wanted, USE_NEW);
      const before = await me(ada);
      expect(before.pendingEmail).toBe(wanted);
      await change(ada, 'correct horse', NEW_PASSWORD);
      const after = await me(ada);
      expect('pendingEmail' in after).toBe(false);
      expect(after.version).toBe((before.version ?? 0) + 1);
      expect((await post('/auth/verify-email', { token: link })).body.code).toBe('auth.link_invalid');
      await eventually(async () => {
        const told = (await chat.events()).filter(
          ({ type, actorId }) => type === 'me.updated' && actorId === ada.id,
        );
        expect(told.at(-1)?.data).toEqual({ me: after });
      });
    });

    it('refuses a weak one, and one that is the person’s own name', async () => {
      const ada = await chat.person('Quetzalcoatlus');
      expect((await change(ada, 'correct horse', 'quetzalcoatlus')).body.code).toBe('auth.password_weak');
      expect((await login(ada.email, 'correct horse')).status).toBe(200);
    });
  });

  it('are no business of bots', async () => {
    const { body } = await chat.call<{ accessToken: string }>('POST /auth/token', {
      body: { clientId: 'bot', clientSecret: chat.botSecret },
    });
    const bot = { token: body.accessToken } as Person;
    const replies = [
      await post('/me/verification', {}, bot),
      await post('/me/email', { email: address(), password: 'x' }, bot),
      await post('/me/password', { currentPassword: 'x', password: NEW_PASSWORD }, bot),
    ];
    expect(replies.map(({ body: problem }) => problem.code)).toEqual(Array(3).fill('permission.denied'));
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOTP, URI } from 'otpauth';
import type { AuthResult, RecoveryCodes, Session, TotpSecret, TwoFactor } from '#contracts';
import { Clock } from '#core';
import { Database } from '#db';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

const password = 'correct horse';
type Refused = { challenge?: string };

describe('the second factor', () => {
  let chat: RunningChat;
  let clock: Clock;
  /** Far from now, so that each test has time steps of its own. */
  let time = Date.now();
  beforeAll(async () => {
    chat = await RunningChat.start();
    clock = chat.app.get(Clock);
    clock.now = () => new Date(time);
  });
  afterAll(() => chat.stop());

  const codeOf = (app: TOTP) => app.generate({ timestamp: time });
  const nextStep = () => (time += 30_000);
  const state = async (who: Person) =>
    (await chat.call<TwoFactor>('GET /me/two-factor', { token: who.token })).body;
  const start = (who: Person) =>
    chat.call<TotpSecret>('POST /me/two-factor/totp', { token: who.token, body: { password } });
  const confirm = (who: Person, code: string) =>
    chat.call<RecoveryCodes>('POST /me/two-factor/totp/confirm', { token: who.token, body: { code } });
  const login = (who: Person) =>
    chat.call<Refused>('POST /auth/login', { body: { email: who.email, password } });
  const challengeFor = async (who: Person) => (await login(who)).body.challenge as string;
  const complete = (challenge: string, proof: object) =>
    chat.call<AuthResult>('POST /auth/two-factor', { body: { challenge, ...proof } });

  const protectedPerson = async () => {
    const who = await chat.person();
    const app = URI.parse((await start(who)).body.uri) as TOTP;
    const { recoveryCodes } = (await confirm(who, codeOf(app))).body;
    nextStep();
    return { who, app, recoveryCodes };
  };

  it('is on once the first code has come back, and not before', async () => {
    const ada = await chat.person();
    expect(await state(ada)).toEqual({ totp: 'off', recoveryCodesLeft: 0, version: 0 });
    const started = await start(ada);
    expect(started.body.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(await state(ada)).toMatchObject({ totp: 'pending', version: 1 });
    expect((await login(ada)).status).toBe(200);
    const app = URI.parse(started.body.uri) as TOTP;
    expect((await confirm(ada, '000000')).body.code).toBe('auth.code_invalid');
    const confirmed = await confirm(ada, codeOf(app));
    expect([confirmed.status, new Set(confirmed.body.recoveryCodes).size]).toEqual([200, 10]);
    expect(await state(ada)).toEqual({ totp: 'on', recoveryCodesLeft: 10, version: 2 });
    expect((await login(ada)).body.code).toBe('auth.two_factor_required');
  });

  it('tells my devices its whole state with each change', async () => {
    const { who } = await protectedPerson();
    await eventually(async () => {
      const events = (await chat.events('_')).filter(
        (event) => event.type === 'two_factor.updated' && event.actorId === who.id,
      );
      expect(events.map((event) => event.data)).toEqual([
        { twoFactor: { totp: 'pending', recoveryCodesLeft: 0, version: 1 } },
        { twoFactor: await state(who) },
      ]);
    });
  });

  it('keeps secrets and recovery codes unreadable in the database', async () => {
    const { who, app, recoveryCodes } = await protectedPerson();
    const stored = JSON.stringify(
      await chat.app.get(Database).run(
        {
          name: 'test_two_factor',
          text: `SELECT encode(secret, 'hex'), (SELECT string_agg(encode(hash, 'hex'), ' ') FROM chat.recovery_codes c
                 WHERE c.user_id = t.user_id) FROM chat.two_factor t WHERE user_id = $1`,
        },
        [who.id],
      ),
    );
    expect(stored.length).toBeGreaterThan(700);
    expect(stored).not.toContain(Buffer.from(app.secret.bytes).toString('hex'));
    for (const code of recoveryCodes)
      expect(stored).not.toContain(Buffer.from(code.replaceAll('-', '')).toString('hex'));
  });

  it('opens a session for the password and a code', async () => {
    const { who, app } = await protectedPerson();
    const reply = await complete(await challengeFor(who), { code: codeOf(app) });
    expect([reply.status, reply.body.user.id]).toEqual([200, who.id]);
    const token = reply.body.accessToken as string;
    const { body } = await chat.call<{ data: Session[] }>('GET /sessions', { token });
    expect(body.data.map(({ openedBy }) => openedBy).sort()).toEqual(['password', 'two_factor']);
  });

  it('keeps the tokens in cookies for those who ask for it', async () => {
    const { who, app } = await protectedPerson();
    const reply = await complete(await challengeFor(who), { code: codeOf(app), transport: 'cookie' });
    expect([reply.status, reply.body.accessToken]).toEqual([200, undefined]);
    expect(reply.headers['set-cookie']).toHaveLength(2);
  });

  it('asks for nothing more while the password is wrong', async () => {
    const { who } = await protectedPerson();
    const reply = await chat.call<Refused>('POST /auth/login', {
      body: { email: who.email, password: 'wrong' },
    });
    expect([reply.body.code, reply.body.challenge]).toEqual(['auth.invalid_credentials', undefined]);
  });

  it('forgives a wrong code, but takes each challenge once', async () => {
    const { who, app } = await protectedPerson();
    const challenge = await challengeFor(who);
    expect((await complete(challenge, { code: '000000' })).body.code).toBe('auth.code_invalid');
    expect((await complete(challenge, { code: codeOf(app) })).status).toBe(200);
    nextStep();
    expect((await complete(challenge, { code: codeOf(app) })).body.code).toBe('auth.challenge_invalid');
    expect((await complete('made-up', { code: codeOf(app) })).body.code).toBe('auth.challenge_invalid');
  });

  it('asks anew once the password is another one', async () => {
    const { who, app } = await protectedPerson();
    const begun = await challengeFor(who);
    const changed = await chat.call('POST /me/password', {
      token: who.token,
      body: { currentPassword: password, password: 'lanterns over quiet water' },
    });
    expect(changed.status).toBe(204);
    const late = await complete(begun, { code: codeOf(app) });
    expect([late.status, late.body.code]).toEqual([401, 'auth.challenge_invalid']);
    const { body } = await chat.call<Refused>('POST /auth/login', {
      body: { email: who.email, password: 'lanterns over quiet water' },
    });
    expect((await complete(body.challenge as string, { code: codeOf(app) })).status).toBe(200);
  });

  it('refuses a code that was used, with a challenge of its own too', async () => {
    const { who, app } = await protectedPerson();
    const code = codeOf(app);
    const [first, second] = [await challengeFor(who), await challengeFor(who)];
    expect((await complete(first, { code })).status).toBe(200);
    expect((await complete(second, { code })).body.code).toBe('auth.code_invalid');
    nextStep();
    expect((await complete(second, { code: codeOf(app) })).status).toBe(200);
  });

  it('lets one in when two come with the same code at once', async () => {
    const { who, app } = await protectedPerson();
    const code = codeOf(app);
    const challenges = await Promise.all([1, 2, 3, 4].map(() => challengeFor(who)));
    const replies = await Promise.all(challenges.map((challenge) => complete(challenge, { code })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
  });

  it('takes each recovery code once, however it is typed, and by one of two at once', async () => {
    const { who, recoveryCodes } = await protectedPerson();
    const [first, second] = recoveryCodes as [string, string];
    const typed = first.toUpperCase().replaceAll('-', ' ');
    expect((await complete(await challengeFor(who), { recoveryCode: typed })).status).toBe(200);
    expect((await complete(await challengeFor(who), { recoveryCode: first })).body.code).toBe(
      'auth.code_invalid',
    );
    expect(await state(who)).toMatchObject({ recoveryCodesLeft: 9 });
    const challenges = [await challengeFor(who), await challengeFor(who)];
    const replies = await Promise.all(challenges.map((one) => complete(one, { recoveryCode: second })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(await state(who)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  it('ends guessing, from any number of challenges, and does so for that account only', async () => {
    const [one, other] = [await protectedPerson(), await protectedPerson()];
    const challenges = await Promise.all(Array.from({ length: 12 }, () => challengeFor(one.who)));
    const wrong = await Promise.all(challenges.map((challenge) => complete(challenge, { code: '000000' })));
    expect(wrong.filter(({ status }) => status === 403)).toHaveLength(10);
    const late = await complete(challenges[0] as string, { code: codeOf(one.app) });
    expect([late.status, late.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    expect((await complete(await challengeFor(other.who), { code: codeOf(other.app) })).status).toBe(200);
  });

  it('goes off for the password and a code, and for nothing less', async () => {
    const { who, app, recoveryCodes } = await protectedPerson();
    const disable = (body: object) =>
      chat.call('POST /me/two-factor/totp/disable', { token: who.token, body });
    expect((await disable({ password: 'wrong', code: codeOf(app) })).body.code).toBe('auth.password_wrong');
    expect((await disable({ password, code: '000000' })).body.code).toBe('auth.code_invalid');
    expect((await disable({ password, recoveryCode: recoveryCodes[0] })).status).toBe(204);
    expect(await state(who)).toMatchObject({ totp: 'off', recoveryCodesLeft: 0 });
    expect((await login(who)).status).toBe(200);
    expect((await disable({ password, code: codeOf(app) })).body.code).toBe('two_factor.not_on');
  });

  it('gives new recovery codes, and the old ones are void', async () => {
    const { who, app, recoveryCodes } = await protectedPerson();
    const renewed = await chat.call<RecoveryCodes>('POST /me/two-factor/recovery-codes', {
      token: who.token,
      body: { password, code: codeOf(app) },
    });
    expect(renewed.status).toBe(200);
    const old = await complete(await challengeFor(who), { recoveryCode: recoveryCodes[0] });
    expect(old.body.code).toBe('auth.code_invalid');
    const fresh = await complete(await challengeFor(who), { recoveryCode: renewed.body.recoveryCodes[0] });
    expect(fresh.status).toBe(200);
  });

  it('starts for the password only, anew while pending, and not while it is on', async () => {
    const ada = await chat.person();
    const wrong = await chat.call('POST /me/two-factor/totp', {
      token: ada.token,
      body: { password: 'wrong' },
    });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'auth.password_wrong']);
    expect((await confirm(ada, '123456')).body.code).toBe('two_factor.not_started');
    const first = URI.parse((await start(ada)).body.uri) as TOTP;
    const second = URI.parse((await start(ada)).body.uri) as TOTP;
    expect((await confirm(ada, codeOf(first))).body.code).toBe('auth.code_invalid');
    expect((await confirm(ada, codeOf(second))).status).toBe(200);
    expect((await start(ada)).body.code).toBe('two_factor.already_on');
    expect((await confirm(ada, codeOf(second))).body.code).toBe('two_factor.already_on');
  });

  it('names what is wrong with a proof', async () => {
    const pointers = async (proof: object) =>
      (await complete('x', proof)).body.errors?.map(({ pointer }) => pointer);
    expect(await pointers({})).toEqual(['/code']);
    expect(await pointers({ code: '123456', recoveryCode: 'abcd' })).toEqual(['/code']);
    expect(await pointers({ code: '12345' })).toEqual(['/code']);
    expect(await pointers({ recoveryCode: '0189' })).toEqual(['/recoveryCode']);
  });

  it('is nothing for bots', async () => {
    const { body } = await chat.call<{ accessToken: string }>('POST /auth/token', {
      body: { clientId: 'bot', clientSecret: chat.botSecret },
    });
    const token = body.accessToken;
    expect((await chat.call('GET /me/two-factor', { token })).body.code).toBe('permission.denied');
    const started = await chat.call('POST /me/two-factor/totp', { token, body: { password } });
    expect(started.body.code).toBe('permission.denied');
  });
});

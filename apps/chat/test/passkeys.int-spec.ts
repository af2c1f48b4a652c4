import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type {
  AuthResult,
  Passkey,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
  Passkeys,
  Session,
} from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';
import { SoftwareAuthenticator, type Quirks } from './software-authenticator.js';

const password = 'correct horse';
const ORIGIN = 'https://chat.example';

describe('passkeys', () => {
  let chat: RunningChat;
  beforeAll(async () => {
    chat = await RunningChat.start();
  });
  afterAll(() => chat.stop());

  const list = async (who: Person) =>
    (await chat.call<Passkeys>('GET /me/passkeys', { token: who.token })).body;
  const creation = async (who: Person) =>
    (
      await chat.call<PasskeyCreationOptions>('POST /me/passkeys/options', {
        token: who.token,
        body: { password },
      })
    ).body;
  const add = (who: Person, credential: object, name = 'Phone') =>
    chat.call<Passkey>('POST /me/passkeys', { token: who.token, body: { name, credential } });
  const request = async () => (await chat.call<PasskeyRequestOptions>('POST /auth/passkey/options')).body;
  const login = (credential: object, more: object = {}) =>
    chat.call<AuthResult>('POST /auth/passkey', { body: { credential, ...more } });
  const withPasskey = async () => {
    const who = await chat.person();
    const device = new SoftwareAuthenticator(ORIGIN);
    const { body } = await add(who, device.create(await creation(who)));
    return { who, device, passkey: body };
  };
  const loginOf = async (device: SoftwareAuthenticator, quirks?: Quirks) =>
    login(device.get(await request(), quirks));

  it('are made for this site and this person, and listed', async () => {
    const ada = await chat.person();
    const options = await creation(ada);
    expect(options).toMatchObject({
      rp: { id: 'chat.example', name: 'Parley' },
      user: { name: ada.email, displayName: 'Ada' },
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const added = await add(ada, new SoftwareAuthenticator(ORIGIN).create(options), 'My phone');
    expect([added.status, added.body]).toEqual([
      201,
      expect.objectContaining({ name: 'My phone', synced: true, lastUsedAt: null }),
    ]);
    expect(await list(ada)).toEqual({ passkeys: [added.body], version: 1 });
  });

  it('open a session without a name or password', async () => {
    const { who, device } = await withPasskey();
    const reply = await loginOf(device);
    expect([reply.status, reply.body.user.id]).toEqual([200, who.id]);
    const token = reply.body.accessToken as string;
    const { body } = await chat.call<{ data: Session[] }>('GET /sessions', { token });
    expect(body.data.find(({ current }) => current)?.openedBy).toBe('passkey');
    const [used] = (await list(who)).passkeys;
    expect(used?.lastUsedAt).not.toBeNull();
    const inCookies = await login(device.get(await request()), { transport: 'cookie' });
    expect([inCookies.body.accessToken, inCookies.headers['set-cookie']]).toEqual([
      undefined,
      expect.arrayContaining([expect.stringMatching(/HttpOnly/)]),
    ]);
  });

  it('stand for both factors', async () => {
    const { who, device } = await withPasskey();
    const started = await chat.call('POST /me/two-factor/totp', { token: who.token, body: { password } });
    expect(started.status).toBe(200);
    expect((await loginOf(device)).status).toBe(200);
  });

  it('are refused from another site, for another site, without verifying the person, and as another ceremony', async () => {
    const { device } = await withPasskey();
    const quirks: Quirks[] = [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { verified: false },
      { type: 'webauthn.create' },
    ];
    for (const quirk of quirks)
      expect([quirk, (await loginOf(device, quirk)).body.code]).toEqual([quirk, 'auth.passkey_invalid']);
    expect((await loginOf(device)).status).toBe(200);
    const ada = await chat.person();
    for (const quirk of [...quirks.slice(0, 3), { type: 'webauthn.get' }]) {
      const made = new SoftwareAuthenticator(ORIGIN).create(await creation(ada), quirk);
      expect([quirk, (await add(ada, made)).body.code]).toEqual([quirk, 'passkey.invalid']);
    }
    expect((await list(ada)).passkeys).toEqual([]);
  });

  it('are refused with a signature of another key', async () => {
    const [one, other] = [await withPasskey(), await withPasskey()];
    const forged = {
      ...one.device.get(await request()),
      id: other.device.credentialId.toString('base64url'),
      rawId: other.device.credentialId.toString('base64url'),
    };
    expect((await login(forged)).body.code).toBe('auth.passkey_invalid');
    expect(
      (await login({ ...forged, response: { ...forged.response, userHandle: undefined } })).body.code,
    ).toBe('auth.passkey_invalid');
  });

  it('answer each challenge once, also when they come twice at once', async () => {
    const { device } = await withPasskey();
    const credential = device.get(await request());
    const replies = await Promise.all([login(credential), login(credential)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await login(credential)).body.code).toBe('auth.passkey_invalid');
    expect((await login(device.get({ challenge: 'bWFkZSB1cA' }))).body.code).toBe('auth.passkey_invalid');
  });

  it('are not made with a challenge of a login, of another person, or one that has run out', async () => {
    const [ada, bob] = [await chat.person(), await chat.person('Bob')];
    const device = new SoftwareAuthenticator(ORIGIN);
    const { user } = await creation(ada);
    const codeFor = async (challenge: string) =>
      (await add(ada, device.create({ challenge, user }))).body.code;
    expect(await codeFor((await request()).challenge)).toBe('passkey.invalid');
    expect(await codeFor((await creation(bob)).challenge)).toBe('passkey.invalid');
    const { challenge } = await creation(ada);
    const redis = chat.app.get(Redis);
    const [ttl] = await Promise.all((await redis.keys('auth:once:passkey:*')).map((key) => redis.ttl(key)));
    expect(ttl).toBeGreaterThan(0);
    await redis.flushall();
    expect(await codeFor(challenge)).toBe('passkey.invalid');
  });

  it('are refused when their counter stands still or goes back: then somebody has a copy', async () => {
    const { device } = await withPasskey();
    expect((await loginOf(device, { counter: 7 })).status).toBe(200);
    expect((await loginOf(device, { counter: 7 })).body.code).toBe('auth.passkey_invalid');
    expect((await loginOf(device, { counter: 3 })).body.code).toBe('auth.passkey_invalid');
    expect((await loginOf(device, { counter: 8 })).status).toBe(200);
    const uncounted = await withPasskey();
    for (const _ of [1, 2]) expect((await loginOf(uncounted.device, { counter: 0 })).status).toBe(200);
  });

  it('let one in when a device and its copy come at once', async () => {
    const { device } = await withPasskey();
    const options = await Promise.all([1, 2, 3].map(() => request()));
    const replies = await Promise.all(options.map((one) => login(device.get(one, { counter: 5 }))));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  it('are renamed and deleted by their owner only; a deleted one opens nothing', async () => {
    const { who, device, passkey } = await withPasskey();
    const bob = await chat.person('Bob');
    const path = `/me/passkeys/${passkey.id}`;
    const rename = (token: string, name: string) => chat.call(`PATCH ${path}`, { token, body: { name } });
    expect((await rename(bob.token, 'Mine')).body.code).toBe('passkey.not_found');
    expect((await chat.call(`DELETE ${path}`, { token: bob.token })).body.code).toBe('passkey.not_found');
    expect((await rename(who.token, 'a\u202eb')).body.errors).toMatchObject([{ pointer: '/name' }]);
    expect((await rename(who.token, 'Key ring')).body).toMatchObject({ id: passkey.id, name: 'Key ring' });
    expect((await chat.call(`DELETE ${path}`, { token: who.token })).status).toBe(204);
    expect((await loginOf(device)).body.code).toBe('auth.passkey_invalid');
    expect((await chat.call(`DELETE ${path}`, { token: who.token })).body.code).toBe('passkey.not_found');
  });

  it('are not made twice of one credential', async () => {
    const { who, device } = await withPasskey();
    const options = await creation(who);
    expect(options.excludeCredentials.map(({ id }) => id)).toEqual([
      device.credentialId.toString('base64url'),
    ]);
    expect((await add(who, device.create(options))).body.code).toBe('passkey.exists');
    const bob = await chat.person('Bob');
    expect((await add(bob, device.create(await creation(bob)))).body.code).toBe('passkey.exists');
  });

  it('are limited in number, also when many are made at once', async () => {
    const ada = await chat.person();
    const made = [];
    for (let i = 0; i < 27; i++) made.push(new SoftwareAuthenticator(ORIGIN).create(await creation(ada)));
    const replies = await Promise.all(made.map((credential) => add(ada, credential)));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(25);
    expect(replies.find(({ status }) => status !== 201)?.body.code).toBe('passkey.too_many');
    const more = await chat.call('POST /me/passkeys/options', { token: ada.token, body: { password } });
    expect(more.body.code).toBe('passkey.too_many');
  });

  it('need the password to be made, and a person', async () => {
    const ada = await chat.person();
    const wrong = await chat.call('POST /me/passkeys/options', {
      token: ada.token,
      body: { password: 'wrong' },
    });
    expect(wrong.body.code).toBe('auth.password_wrong');
    const { body } = await chat.call<{ accessToken: string }>('POST /auth/token', {
      body: { clientId: 'bot', clientSecret: chat.botSecret },
    });
    const asBot = await chat.call('GET /me/passkeys', { token: body.accessToken });
    expect(asBot.body.code).toBe('permission.denied');
  });

  it('tell my devices of each change, whole and with a version that grows', async () => {
    const { who, device } = await withPasskey();
    await loginOf(device);
    await eventually(async () => {
      const events = (await chat.events('_')).filter(
        (event) => event.type === 'passkeys.updated' && event.actorId === who.id,
      );
      expect(events.map((event) => (event.data as Passkeys).version)).toEqual([1, 2]);
      expect(events.at(-1)?.data).toEqual(await list(who));
    });
  });
});

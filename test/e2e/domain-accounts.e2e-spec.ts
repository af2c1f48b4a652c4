import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOTP, URI } from 'otpauth';
import type {
  AuthResult,
  CreatedAccessToken,
  Image,
  Me,
  Passkey,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
  Preferences,
  RecoveryCodes,
  Session,
  TotpSecret,
  User,
} from '#contracts';
import { eventually, openStream } from '#testing';
import { png } from '../../apps/chat/test/pictures.js';
import { SoftwareAuthenticator } from '../../apps/chat/test/software-authenticator.js';
import { heardUntilMessage, nextEvent, RunningParley, type Person } from './running-parley.js';

const password = 'correct horse';
type Refused = AuthResult & { challenge: string };

describe('an account guards itself, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  const login = (person: Person) =>
    parley.call<Refused>('POST /auth/login', { body: { email: person.email, password } });

  it('shows a face, a name in full and where its clock stands, to those it works with and no others', async () => {
    const stream = await bob.listen(workspaceId);
    const { body: image } = await ada.upload<Image>('/images', png(), 'image/png');
    const profile = {
      name: 'Ada L.',
      title: 'Countess',
      pronouns: 'she/her',
      timeZone: 'Europe/London',
      avatarImageId: image.id,
    };
    const { body: me } = await ada.call<Me>('PATCH /me', { ...profile, locale: 'en-gb' });
    expect(me).toMatchObject({ ...profile, locale: 'en-GB' });
    const { event } = await nextEvent(stream, 'user.updated');
    expect(event.data.user).toMatchObject(profile);
    expect(event.data.user).not.toHaveProperty('locale');
    expect((await bob.call<User>(`GET /users/${ada.id}`)).body).toEqual(event.data.user);
    expect((await bob.call(`GET /images/${image.id}`)).headers.get('content-type')).toBe('image/png');
    const stranger = await parley.person('Eve');
    expect((await stranger.call(`GET /users/${ada.id}`)).body.code).toBe('user.not_found');
    await stream.close();
  });

  it('takes a status away at its time, and tells so', async () => {
    const stream = await bob.listen(workspaceId);
    const expiresAt = new Date(Date.now() + 2000).toISOString();
    await ada.call('PUT /me/status', { emoji: '☕', text: 'Back soon', expiresAt });
    expect((await nextEvent(stream, 'user.updated')).event.data.user.status).toEqual({
      emoji: '☕',
      text: 'Back soon',
      expiresAt,
    });
    expect((await nextEvent(stream, 'user.updated', 30_000)).event.data.user).not.toHaveProperty('status');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect((await bob.call<User>(`GET /users/${ada.id}`)).body).not.toHaveProperty('status');
    await stream.close();
  });

  it('is left alone: do not disturb and quiet hours stand on every device, and nobody else hears', async () => {
    const [phone, others] = [await ada.listen(workspaceId), await bob.listen(workspaceId)];
    const dndUntil = new Date(Date.now() + 3_600_000).toISOString();
    const quietHours = { days: [5, 1, 1], from: '22:00', to: '07:30' };
    const { body } = await ada.call<Preferences>('PATCH /me/preferences', { dndUntil, quietHours });
    expect(body).toMatchObject({ dndUntil, quietHours: { ...quietHours, days: [1, 5] } });
    expect((await nextEvent(phone, 'preferences.updated')).event.data.preferences).toEqual(body);
    const backwards = { days: [1], from: '22:00', to: '22:00' };
    const refused = await ada.call('PATCH /me/preferences', { quietHours: backwards });
    expect([refused.body.code, refused.body.errors?.[0]?.pointer]).toEqual([
      'request.invalid',
      '/quietHours/to',
    ]);
    await ada.send(channelId, 'a mark in the stream');
    const types = (await heardUntilMessage(others)).map(({ type }) => type);
    expect(types).not.toContain('preferences.updated');
    await Promise.all([phone.close(), others.close()]);
  });

  it('asks for a code of the app, and takes each recovery code once', async () => {
    const stream = await ada.listen(workspaceId);
    const { body: secret } = await ada.call<TotpSecret>('POST /me/two-factor/totp', { password });
    const app = URI.parse(secret.uri) as TOTP;
    const { body } = await ada.call<RecoveryCodes>('POST /me/two-factor/totp/confirm', {
      code: app.generate(),
    });
    const { event } = await nextEvent(stream, 'two_factor.updated');
    expect(event.data.twoFactor.totp).toBe('pending');
    expect((await nextEvent(stream, 'two_factor.updated')).event.data.twoFactor).toEqual(
      (await ada.call('GET /me/two-factor')).body,
    );
    const { body: refused } = await login(ada);
    expect([refused.code, refused.accessToken]).toEqual(['auth.two_factor_required', undefined]);
    const finish = (challenge: string, proof: object) =>
      parley.call<AuthResult>('POST /auth/two-factor', { body: { challenge, ...proof } });
    // The step of the code that turned it on is used up; the next one may be typed already.
    const next = app.generate({ timestamp: Date.now() + 30_000 });
    const opened = await finish(refused.challenge, { code: next });
    expect([opened.status, opened.body.user.id]).toEqual([200, ada.id]);
    expect((await finish((await login(ada)).body.challenge, { code: next })).body.code).toBe(
      'auth.code_invalid',
    );
    const [recoveryCode] = body.recoveryCodes;
    expect((await finish((await login(ada)).body.challenge, { recoveryCode })).status).toBe(200);
    expect((await finish((await login(ada)).body.challenge, { recoveryCode })).body.code).toBe(
      'auth.code_invalid',
    );
    const off = { password, recoveryCode: body.recoveryCodes[1] };
    expect((await ada.call('POST /me/two-factor/totp/disable', off)).status).toBe(204);
    expect((await login(ada)).status).toBe(200);
    await stream.close();
  });

  it('opens with a passkey alone, made for the address of this instance', async () => {
    const device = new SoftwareAuthenticator(parley.instance.env['PUBLIC_URL'] as string);
    const { body: creation } = await bob.call<PasskeyCreationOptions>('POST /me/passkeys/options', {
      password,
    });
    const added = await bob.call<Passkey>('POST /me/passkeys', {
      name: 'Key ring',
      credential: device.create(creation),
    });
    expect([added.status, added.body.name]).toEqual([201, 'Key ring']);
    const options = async () => (await parley.call<PasskeyRequestOptions>('POST /auth/passkey/options')).body;
    const credential = device.get(await options());
    const opened = await parley.call<AuthResult>('POST /auth/passkey', { body: { credential } });
    expect([opened.status, opened.body.user.id]).toEqual([200, bob.id]);
    const again = await parley.call('POST /auth/passkey', { body: { credential } });
    expect(again.body.code).toMatch(/^auth\.(challenge|passkey)_invalid$/);
    await bob.call(`DELETE /me/passkeys/${added.body.id}`);
    const gone = await parley.call('POST /auth/passkey', {
      body: { credential: device.get(await options()) },
    });
    expect(gone.body.code).toBe('auth.passkey_invalid');
  });

  it('lists its devices and shows one of them the door', async () => {
    const { body: other } = await login(bob);
    const { body } = await bob.call<{ data: Session[] }>('GET /sessions');
    expect(body.data.filter(({ current }) => current).map(({ id }) => id)).toEqual([bob.sessionId]);
    expect(body.data.map(({ id }) => id)).toContain(other.sessionId);
    expect((await bob.call(`DELETE /sessions/${other.sessionId}`)).status).toBe(204);
    await eventually(async () =>
      expect((await parley.call('GET /me', { token: other.accessToken as string })).status).toBe(401),
    );
    expect(
      (await parley.call('POST /auth/refresh', { body: { refreshToken: other.refreshToken } })).status,
    ).toBe(401);
    expect((await ada.call(`DELETE /sessions/${bob.sessionId}`)).body.code).toBe('session.not_found');
  });

  it('gives a program a token that does what its scopes say, over REST and on the stream, until it is revoked', async () => {
    const create = async (scopes: string[]) =>
      (
        await ada.call<CreatedAccessToken>('POST /me/access-tokens', {
          ...{ password, name: 'Script', scopes, expiresInDays: 30 },
        })
      ).body;
    const reader = await create(['messages:read', 'events:read']);
    const writer = await create(['messages:write']);
    const events = `${parley.url}/api/v1/workspaces/${workspaceId}/events`;
    const stream = await openStream(events, reader.token);
    await stream.next((frame) => frame.event === 'stream.ready');
    const post = (token: string, text: string) =>
      parley.call<{ id: string }>(`POST /channels/${channelId}/messages`, {
        token,
        body: { clientMessageId: randomUUID(), text },
      });
    expect((await post(reader.token, 'no')).body.code).toBe('permission.scope_missing');
    const { body: sent } = await post(writer.token, 'by a program');
    expect((await nextEvent(stream, 'message.created')).event.data.message).toMatchObject({
      id: sent.id,
      senderId: ada.id,
    });
    await expect(openStream(events, writer.token)).rejects.toThrow('permission.scope_missing');
    expect((await parley.call('GET /sessions', { token: reader.token })).body.code).toBe(
      'auth.session_required',
    );
    expect((await ada.call(`DELETE /me/access-tokens/${reader.id}`)).status).toBe(204);
    await expect(stream.next((frame) => frame.event === 'never', 10_000)).rejects.toThrow('has ended');
    await eventually(async () =>
      expect((await parley.call(`GET /channels/${channelId}/messages`, { token: reader.token })).status).toBe(
        401,
      ),
    );
    await stream.close();
  });
});

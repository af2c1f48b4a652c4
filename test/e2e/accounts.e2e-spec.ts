import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthResult, Me, Preferences, Session, User } from '#contracts';
import { eventually, tokenIn } from '#testing';
import { nextEvent, RunningParley, type Person } from './running-parley.js';

const NEW_PASSWORD = 'lanterns over quiet water';

describe('an account, from its beginning to its end', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley.stop(), 60_000);

  const mailed = (to: string, subject: string) => parley.mailed(to, subject);
  const login = (email: string, password: string) =>
    parley.call<AuthResult>('POST /auth/login', { body: { email, password } });

  it('confirms its address by the mailed link, which leads to this instance', async () => {
    const mail = await mailed(bob.email, 'Confirm your e-mail address');
    expect(mail.text).toContain(`${parley.instance.env['PUBLIC_URL'] as string}/verify-email#`);
    const { status } = await parley.call('POST /auth/verify-email', { body: { token: tokenIn(mail) } });
    expect(status).toBe(204);
    expect((await bob.call<Me>('GET /me')).body.emailVerified).toBe(true);
  });

  it('says who it is and what it is up to, and others hear and see the same', async () => {
    const stream = await ada.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    await bob.call('PATCH /me', { title: 'Builder', pronouns: 'he/him', timeZone: 'Europe/Paris' });
    await nextEvent(stream, 'user.updated');
    await bob.call('PUT /me/status', { emoji: '🧱', text: 'Building' });
    const { event } = await nextEvent(stream, 'user.updated');
    expect(event.data.user).toEqual((await ada.call<User>(`GET /users/${bob.id}`)).body);
    expect(event.data.user).toMatchObject({ title: 'Builder', status: { emoji: '🧱', text: 'Building' } });
    await stream.close();
  });

  it('keeps its preferences in step on two devices', async () => {
    const stream = await bob.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    const { headers } = await bob.call('GET /me/preferences');
    const change = (readReceipts: boolean) =>
      parley.call<Preferences>('PATCH /me/preferences', {
        body: { readReceipts },
        token: bob.token,
        headers: { 'if-match': headers.get('etag') as string },
      });
    const replies = await Promise.all([change(false), change(true)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412]);
    const { event } = await nextEvent(stream, 'preferences.updated');
    expect(event.data.preferences).toEqual(replies.find(({ status }) => status === 200)?.body);
    await stream.close();
  });

  it('gets a new password by mail, which ends its streams and sessions', async () => {
    const stream = await bob.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    expect((await parley.call('POST /auth/forgot-password', { body: { email: bob.email } })).status).toBe(
      204,
    );
    const token = tokenIn(await mailed(bob.email, 'Reset your password'));
    const weak = await parley.call('POST /auth/reset-password', {
      body: { token, password: 'Password123!' },
    });
    expect([weak.body.code, weak.body.errors?.[0]?.pointer]).toEqual(['auth.password_weak', '/password']);
    const done = await parley.call('POST /auth/reset-password', { body: { token, password: NEW_PASSWORD } });
    expect(done.status).toBe(204);
    await expect(stream.next(() => false, 10_000)).rejects.toThrow('the stream has ended');
    await eventually(async () => expect((await bob.call('GET /me')).status).toBe(401));
    expect((await login(bob.email, 'correct horse')).body.code).toBe('auth.invalid_credentials');
    expect((await login(bob.email, NEW_PASSWORD)).status).toBe(200);
  });

  it('moves to another address, lists its devices, and ends', async () => {
    const token = (await login(bob.email, NEW_PASSWORD)).body.accessToken as string;
    const call = <T>(route: string, body?: unknown) => parley.call<T>(route, { body, token });
    const next = `bob-${randomUUID()}@example.org`;
    expect((await call('POST /me/email', { email: next, password: NEW_PASSWORD })).status).toBe(204);
    const mail = await mailed(next, 'Confirm your new e-mail address');
    await parley.call('POST /auth/verify-email', { body: { token: tokenIn(mail) } });
    expect((await call<Me>('GET /me')).body).toMatchObject({ email: next, emailVerified: true });

    const sessions = await call<{ data: Session[] }>('GET /sessions');
    expect(sessions.body.data.map(({ device }) => device)).toEqual(['node', 'node']);
    expect((await call('DELETE /sessions')).status).toBe(204);

    await call(`POST /channels/${channelId}/messages`, { clientMessageId: randomUUID(), text: 'Farewell' });
    const stream = await ada.stream(workspaceId);
    await stream.next((frame) => frame.event === 'stream.ready');
    expect((await call('POST /me/deletion', { password: NEW_PASSWORD })).status).toBe(204);
    expect((await nextEvent(stream, 'user.updated')).event.data.user).toMatchObject({ deleted: true });
    expect((await nextEvent(stream, 'member.left')).event.data.userId).toBe(bob.id);
    await eventually(async () => expect((await call('GET /me')).status).toBe(401));
    expect((await ada.history(channelId)).at(-1)).toMatchObject({ senderId: bob.id, text: 'Farewell' });
    await stream.close();
  });
});

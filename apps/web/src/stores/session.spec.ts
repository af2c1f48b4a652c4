import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { onSessionLost } from '../api.js';
import { FakeInstance } from './fake-instance.fixture.js';
import { useSession } from './session.js';

describe('useSession', () => {
  let instance: FakeInstance;
  beforeEach(() => {
    setActivePinia(createPinia());
    instance = new FakeInstance();
  });

  it('is restored from the cookies of the browser', async () => {
    const session = useSession();
    await session.restore();
    expect([session.status, session.me?.name]).toEqual(['in', 'Me']);
  });

  it('is over when neither token is accepted, and says so once', async () => {
    const session = useSession();
    let lost = 0;
    onSessionLost(() => lost++);
    instance.failures.set('/me', 'auth.token_expired').set('/refresh', 'auth.refresh_invalid');
    await session.restore();
    expect([session.status, session.me, lost]).toEqual(['out', null, 1]);
  });

  it('is not taken for over when the server can’t tell', async () => {
    const session = useSession();
    instance.failures.set('/me', null);
    await session.restore();
    expect(session.status).toBe('unreachable');
    instance.failures.set('/me', 'unavailable');
    await session.restore();
    expect(session.status).toBe('unreachable');
  });

  it('signs in, up and out', async () => {
    const session = useSession();
    await session.login({ email: 'a@b.org', password: 'x' });
    expect(session.status).toBe('in');
    await session.logout();
    expect([session.status, session.me]).toEqual(['out', null]);
    await session.register({ email: 'a@b.org', password: 'x', name: 'A' });
    expect(session.status).toBe('in');
  });

  it('stays out when the password is wrong', async () => {
    const session = useSession();
    session.leave();
    instance.failures.set('/login', 'auth.invalid_credentials');
    await expect(session.login({ email: 'a@b.org', password: 'x' })).rejects.toThrow();
    expect(session.status).toBe('out');
  });
});

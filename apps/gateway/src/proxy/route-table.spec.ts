import { describe, expect, it } from '@jest/globals';
import { routes } from '#contracts';
import { RouteTable } from './route-table.js';

const table = new RouteTable();
const ID = '0190b0a0-0000-7000-8000-000000000001';

describe('RouteTable', () => {
  it.each(Object.entries(routes))('finds %s at its method and path', (operation, route) => {
    const found = table.find(route.method, `/api/v1${route.path.replace(/:\w+/g, ID)}?limit=1`);
    expect(found).toMatchObject({ operation, service: route.service, anonymous: 'auth' in route });
  });

  it('sends events to notify, analytics to analytics and the rest to chat', () => {
    expect(table.find('GET', `/api/v1/workspaces/${ID}/events?after=x-1`)?.service).toBe('notify');
    expect(table.find('GET', `/api/v1/workspaces/${ID}/analytics/messages-per-day`)?.service).toBe(
      'analytics',
    );
    expect(table.find('GET', `/api/v1/workspaces/${ID}`)?.service).toBe('chat');
  });

  it.each([
    ['GET', '/api/v1/nothing'],
    ['GET', '/api/v1/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v2/me'],
    ['GET', '/api/v1/me/'],
    ['GET', '/api/v1//me'],
    ['DELETE', '/api/v1/me'],
    ['GET', `/api/v1/workspaces/${ID}/`],
    ['GET', '/api/v1/workspaces/..'],
    ['GET', '/api/v1/workspaces/%2e%2E'],
    ['GET', '/api/v1/workspaces/./bootstrap'],
    ['OPTIONS', '/api/v1/me'],
  ])('does not know %s %s', (method, target) => {
    expect(table.find(method, target)).toBeUndefined();
  });

  it('answers HEAD where it answers GET, but not for streams', () => {
    expect(table.find('HEAD', '/api/v1/me')?.operation).toBe('getMe');
    expect(table.find('HEAD', '/api/v1/auth/login')).toBeUndefined();
    expect(table.find('HEAD', `/api/v1/workspaces/${ID}/events`)).toBeUndefined();
  });

  it('keeps guessing of passwords apart', () => {
    expect(table.find('POST', '/api/v1/auth/login')).toMatchObject({ guessable: true, opensSession: true });
    expect(table.find('POST', '/api/v1/auth/refresh')).toMatchObject({
      guessable: false,
      opensSession: true,
    });
    expect(table.find('POST', '/api/v1/auth/logout')).toMatchObject({
      guessable: false,
      opensSession: false,
    });
  });
});

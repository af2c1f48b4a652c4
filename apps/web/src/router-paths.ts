import type { LocationQueryValue } from 'vue-router';

/** Where to go after signing in. Only paths of ours: `//host` and absolute addresses lead nowhere. */
export const nextPath = (next: LocationQueryValue | LocationQueryValue[] | undefined): string =>
  typeof next === 'string' && /^\/(?![/\\])/u.test(next) ? next : '/';

export const channelPath = (workspaceId: string, channelId: string): string =>
  `/w/${workspaceId}/c/${channelId}`;

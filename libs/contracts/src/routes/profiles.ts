import * as accounts from '../http/accounts.js';
import * as preferences from '../http/preferences.js';
import * as profiles from '../http/profiles.js';
import * as status from '../http/status.js';
import { peopleOnly, signedIn } from './access.js';
import { params, type Route } from './route.js';

export const profilesRoutes = {
  getUser: {
    method: 'GET',
    path: '/users/:userId',
    service: 'chat',
    tag: 'account',
    summary: 'Someone I share a workspace with, or as a guest a channel',
    access: { ...signedIn, stranger: 'user.not_found', removed: 'user.not_found' },
    params: params.u,
    status: 200,
    response: accounts.User,
    errors: ['user.not_found'],
  },
  updateMe: {
    method: 'PATCH',
    path: '/me',
    service: 'chat',
    tag: 'account',
    summary: 'Change my profile; what is not named stays',
    access: peopleOnly,
    body: profiles.UpdateProfile,
    status: 200,
    response: accounts.Me,
    errors: ['permission.denied', 'image.not_found'],
  },
  setStatus: {
    method: 'PUT',
    path: '/me/status',
    service: 'chat',
    tag: 'account',
    summary: 'Say what I am up to, until I clear it or it expires',
    access: peopleOnly,
    body: status.SetStatus,
    status: 200,
    response: accounts.Me,
    errors: ['permission.denied'],
  },
  clearStatus: {
    method: 'DELETE',
    path: '/me/status',
    service: 'chat',
    tag: 'account',
    summary: 'Clear my status',
    access: peopleOnly,
    status: 204,
    errors: ['permission.denied'],
  },
  getPreferences: {
    method: 'GET',
    path: '/me/preferences',
    service: 'chat',
    tag: 'account',
    summary: 'My preferences; the ETag names this version of them',
    access: peopleOnly,
    status: 200,
    response: preferences.Preferences,
    errors: ['permission.denied'],
  },
  updatePreferences: {
    method: 'PATCH',
    path: '/me/preferences',
    service: 'chat',
    tag: 'account',
    summary: 'Change my preferences; with If-Match only if nobody else did meanwhile',
    access: peopleOnly,
    body: preferences.UpdatePreferences,
    status: 200,
    response: preferences.Preferences,
    errors: ['permission.denied', 'precondition.failed'],
  },
} as const satisfies Record<string, Route>;

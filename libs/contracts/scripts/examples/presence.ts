import { exampleId, exampleTime } from '../example-ids.js';

const deviceId = '1d3f7b52-7c1e-4b0e-9a86-0f4c2d6f5a10';
const presence = { userId: exampleId('User'), state: 'online', lastSeenAt: null, version: 1768469400000 };
const mine = { presence, availability: 'auto' };

export const presenceExamples = {
  getMyPresence: { response: mine },
  reportPresence: { body: { deviceId, state: 'active' }, response: mine },
  setAvailability: {
    body: { availability: 'away' },
    response: { presence: { ...presence, state: 'away' }, availability: 'away' },
  },
  subscribePresence: {
    body: { deviceId, userIds: [exampleId('User')] },
    response: { presences: [{ ...presence, state: 'offline', lastSeenAt: exampleTime }] },
  },
};

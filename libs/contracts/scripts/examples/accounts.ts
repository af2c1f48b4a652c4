import { exampleId, exampleTime as at } from '../example-ids.js';

const user = {
  id: exampleId('User'),
  name: 'Ada',
  kind: 'user',
  title: 'Countess of Lovelace',
  pronouns: 'she/her',
  timeZone: 'Europe/London',
  status: { emoji: '🚂', text: 'On the train', expiresAt: '2026-01-15T18:00:00.000Z' },
  version: 3,
};
const me = { ...user, email: 'ada@example.org', emailVerified: true, locale: 'en-GB', createdAt: at };
const preferences = {
  dndUntil: null,
  quietHours: { days: [1, 2, 3, 4, 5], from: '20:00', to: '08:00' },
  readReceipts: true,
  version: 2,
};

const token = 'Kq3v8sT1nB0yW5xZ7aQe2fKq3v8sT1nB0yW5xZ7aQe2';

export const accountsExamples = {
  verifyEmail: { body: { token } },
  resetPassword: { body: { token, password: 'lanterns over quiet water' } },
  getUser: { response: user },
  updateMe: { body: { title: 'Countess of Lovelace', timeZone: 'Europe/London' }, response: me },
  setStatus: { body: user.status, response: me },
  getPreferences: { response: preferences },
  updatePreferences: { body: { quietHours: preferences.quietHours }, response: preferences },
};

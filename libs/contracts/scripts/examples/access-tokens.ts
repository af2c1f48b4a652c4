import { exampleId, exampleTime } from '../example-ids.js';

const token = {
  id: exampleId('AccessToken'),
  name: 'Backup script',
  hint: 'parley_pat_4kTz',
  scopes: ['channels:read', 'messages:read'],
  createdAt: exampleTime,
  expiresAt: '2026-04-15T09:30:00.000Z',
  lastUsedAt: null,
};

export const accessTokensExamples = {
  listAccessTokens: { response: { accessTokens: [token], version: 3 } },
  createAccessToken: {
    body: {
      password: 'correct horse battery staple',
      name: token.name,
      scopes: token.scopes,
      expiresInDays: 90,
    },
    response: { ...token, token: 'parley_pat_4kTzQ8fW2nLx7VbR3mYc9JdHs6GpE1uAoKtM' },
  },
} as const;

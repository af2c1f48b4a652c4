const challenge = 'hQ0mYt2nX5vB8rK1cJ4wZ7sD6gF9pL3aE0uI5oN2xT8';
const id = 'f3aH2mKq9vT1xWc8YzLpRg';
const clientDataJSON = 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0';

export const passkeysExamples = {
  startPasskeyLogin: {
    response: { challenge, rpId: 'chat.example', timeout: 300_000, userVerification: 'required' },
  },
  loginWithPasskey: {
    body: {
      credential: {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON,
          authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ',
          signature: 'MEUCIQDk3',
          userHandle: 'AZvAoXwAehCAAAAAAACgAQ',
        },
      },
      transport: 'cookie',
    },
  },
  startPasskey: {
    response: {
      challenge,
      rp: { id: 'chat.example', name: 'Parley' },
      user: { id: 'AZvAoXwAehCAAAAAAACgAQ', name: 'ada@example.org', displayName: 'Ada' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      timeout: 300_000,
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    },
  },
  addPasskey: {
    body: {
      name: 'Phone',
      credential: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject: 'o2NmbXRkbm9uZQ', transports: ['internal', 'hybrid'] },
      },
    },
  },
} as const;

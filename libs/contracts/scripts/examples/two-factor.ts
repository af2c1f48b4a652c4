const recoveryCodes = Array.from({ length: 10 }, (_, i) => `k3vq-t7mh-${'abcdefghij'[i]}2zx-5npw`);
const challenge = 'hQ0mYt2nX5vB8rK1cJ4wZ7sD6gF9pL3aE0uI5oN2xT8';
const bothFactors = { password: 'correct horse battery staple', code: '492039' };

export const twoFactorExamples = {
  completeLogin: { body: { challenge, code: '492039', transport: 'cookie' } },
  startTotp: {
    response: {
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/Parley:ada%40example.org?issuer=Parley&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
    },
  },
  confirmTotp: { response: { recoveryCodes } },
  disableTotp: { body: bothFactors },
  renewRecoveryCodes: { body: bothFactors, response: { recoveryCodes } },
} as const;

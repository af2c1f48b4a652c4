import type {
  AccessToken,
  CallerKind,
  Passkey,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
} from '#contracts';
import { png, upload } from '../pictures.js';
import { SoftwareAuthenticator } from '../software-authenticator.js';
import type { Rows } from './row.js';
import { NEW_PASSWORD, PASSWORD, type World } from './world.js';

const ORIGIN = 'https://chat.example';

const empty = () => ({});

/** A request to make a passkey that a browser would send, for the person who asks. */
const newPasskey = async (world: World, caller: CallerKind) => {
  const person = caller === 'bot' ? world.people.member : world.account(caller);
  const options = await world.do<PasskeyCreationOptions>(person, 'POST /me/passkeys/options', {
    password: PASSWORD,
  });
  const device = new SoftwareAuthenticator(ORIGIN);
  return { person, device, body: { name: 'Phone', credential: device.create(options) } };
};
const passkeyOf = async (world: World, caller: CallerKind) => {
  const { person, device, body } = await newPasskey(world, caller);
  return { device, passkey: await world.do<Passkey>(person, 'POST /me/passkeys', body) };
};
const aboutPasskey = async (world: World, caller: CallerKind) => ({
  params: { passkeyId: (await passkeyOf(world, caller)).passkey.id },
});

export const accountRows = {
  register: (world) => ({ body: { email: world.address(), name: 'Ada', password: NEW_PASSWORD } }),
  login: (world, caller) => {
    const { email } = caller === 'bot' ? world.people.member : world.account(caller);
    return { body: { email, password: PASSWORD } };
  },
  refresh: async (world, caller) => {
    const { refreshToken } = await world.login(
      caller === 'bot' ? world.people.member : world.account(caller),
    );
    return { body: { refreshToken } };
  },
  logout: async (world, caller) => ({ as: await world.again(caller) }),
  issueServiceToken: (world) => ({ body: { clientId: 'bot', clientSecret: world.chat.botSecret } }),
  getJwks: empty,
  getMe: empty,
  listSessions: empty,
  revokeSession: async (world, caller) => ({ params: { sessionId: (await world.again(caller)).sessionId } }),
  revokeOtherSessions: async (world, caller) => ({ as: await world.another(caller) }),

  listAccessTokens: empty,
  createAccessToken: () => ({ body: { password: PASSWORD, name: 'Script', scopes: ['messages:read'] } }),
  revokeAccessToken: async (world, caller) => {
    const person = caller === 'bot' ? world.people.member : world.account(caller);
    const body = { password: PASSWORD, name: 'Script', scopes: ['messages:read'] };
    const { id } = await world.do<AccessToken>(person, 'POST /me/access-tokens', body);
    return { params: { accessTokenId: id } };
  },

  startPasskeyLogin: empty,
  loginWithPasskey: async (world, caller) => {
    const { device } = await passkeyOf(world, caller);
    const { body } = await world.chat.call<PasskeyRequestOptions>('POST /auth/passkey/options');
    return { body: { credential: device.get(body) } };
  },
  listPasskeys: empty,
  startPasskey: () => ({ body: { password: PASSWORD } }),
  addPasskey: async (world, caller) => ({ body: (await newPasskey(world, caller)).body }),
  renamePasskey: async (world, caller) => ({
    ...(await aboutPasskey(world, caller)),
    body: { name: 'Laptop' },
  }),
  removePasskey: aboutPasskey,

  verifyEmail: async (world) => {
    const token = await world.mailToken(await world.chat.person(), 'Confirm your e-mail address');
    return { body: { token } };
  },
  forgotPassword: (world) => ({ body: { email: world.address() } }),
  resetPassword: async (world) => {
    const person = await world.chat.person();
    await world.chat.call('POST /auth/forgot-password', { body: { email: person.email } });
    return { body: { token: await world.mailToken(person, 'Reset your password'), password: NEW_PASSWORD } };
  },
  resendVerification: empty,
  changeEmail: (world) => ({ body: { email: world.address(), password: PASSWORD } }),
  changePassword: async (world, caller) => ({
    as: await world.another(caller),
    body: { currentPassword: PASSWORD, password: NEW_PASSWORD },
  }),
  deleteAccount: async (world, caller) => ({
    as: await world.another(caller),
    body: { password: PASSWORD },
  }),

  getUser: (world) => ({ params: { userId: world.bystander.id } }),
  updateMe: () => ({ body: { title: 'Engineer' } }),
  setStatus: () => ({ body: { text: 'Out for lunch' } }),
  clearStatus: empty,
  getPreferences: empty,
  updatePreferences: () => ({ body: { readReceipts: true } }),

  uploadImage: () => ({ body: png(), headers: { 'content-type': 'image/png' } }),
  getImage: async (world) => ({ params: { imageId: (await upload(world.chat, world.owner)).body.id } }),
} satisfies Partial<Rows>;

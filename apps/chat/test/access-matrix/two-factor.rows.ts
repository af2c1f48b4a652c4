import { URI, type TOTP } from 'otpauth';
import type { CallerKind, RecoveryCodes, TotpSecret } from '#contracts';
import type { Person } from '../running-chat.js';
import type { Rows } from './row.js';
import { PASSWORD, type World } from './world.js';

/** Bots have no second factor; the request is one of a person then. */
const person = (world: World, caller: CallerKind) => world.another(caller === 'bot' ? 'member' : caller);
const as = (world: World, caller: CallerKind, whose: Person) => (caller === 'bot' ? world.people.bot : whose);

const started = async (world: World, caller: CallerKind) => {
  const whose = await person(world, caller);
  const { uri } = await world.do<TotpSecret>(whose, 'POST /me/two-factor/totp', { password: PASSWORD });
  return { whose, code: (URI.parse(uri) as TOTP).generate() };
};
const protectedBy = async (world: World, caller: CallerKind) => {
  const { whose, code } = await started(world, caller);
  const { recoveryCodes } = await world.do<RecoveryCodes>(whose, 'POST /me/two-factor/totp/confirm', {
    code,
  });
  return { whose, recoveryCode: recoveryCodes[0] as string };
};
const withBoth = async (world: World, caller: CallerKind) => {
  const { whose, recoveryCode } = await protectedBy(world, caller);
  return { as: as(world, caller, whose), body: { password: PASSWORD, recoveryCode } };
};

export const twoFactorRows = {
  completeLogin: async (world, caller) => {
    const { whose, recoveryCode } = await protectedBy(world, caller);
    return { body: { challenge: (await world.login(whose)).challenge, recoveryCode } };
  },
  getTwoFactor: () => ({}),
  startTotp: () => ({ body: { password: PASSWORD } }),
  confirmTotp: async (world, caller) => {
    const { whose, code } = await started(world, caller);
    return { as: as(world, caller, whose), body: { code } };
  },
  disableTotp: withBoth,
  renewRecoveryCodes: withBoth,
} satisfies Partial<Rows>;

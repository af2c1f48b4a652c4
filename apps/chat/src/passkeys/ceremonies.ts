import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import {
  PasskeyCreationOptions,
  PasskeyRequestOptions,
  type AddPasskey,
  type PasskeyLogin,
  type UserId,
} from '#contracts';
import { CONFIG, DomainError } from '#platform';
import type { ChatConfig } from '../config.js';
import { OneTimeValues } from '../credentials/one-time-values.js';
import { handleOf, type PasskeyRow } from './passkey.js';

const PURPOSE = 'passkey';
const LOGIN = 'login';
const CHALLENGE_S = 5 * 60;
/** EdDSA, ES256, RS256: what browsers and their authenticators have. */
const ALGORITHMS = [-8, -7, -257];
const CHALLENGE_BYTES = 32;

/** The two ceremonies of WebAuthn, each about a challenge that is used once. */
@Injectable()
export class Ceremonies {
  private readonly rpID: string;
  private readonly origin: string;

  constructor(
    private readonly challenges: OneTimeValues,
    @Inject(CONFIG) config: ChatConfig,
  ) {
    const url = new URL(config.publicUrl);
    this.rpID = url.hostname;
    this.origin = url.origin;
  }

  async registration(userId: UserId, account: { email: string; name: string }, known: PasskeyRow[]) {
    const options = await generateRegistrationOptions({
      rpName: 'Parley',
      rpID: this.rpID,
      userID: new Uint8Array(handleOf(userId)),
      userName: account.email,
      userDisplayName: account.name,
      challenge: new Uint8Array(randomBytes(CHALLENGE_BYTES)),
      timeout: CHALLENGE_S * 1000,
      attestationType: 'none',
      excludeCredentials: known.map(({ credentialId, transports }) => ({
        id: credentialId.toString('base64url'),
        transports,
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    await this.challenges.put(PURPOSE, options.challenge, userId, CHALLENGE_S);
    return PasskeyCreationOptions.parse(options);
  }

  /** What the new credential is. Throws `passkey.invalid`. */
  async register(userId: UserId, { response, ...credential }: AddPasskey['credential']) {
    const verified = await this.judged('passkey.invalid', () =>
      verifyRegistrationResponse({
        response: {
          ...pick(credential),
          response: { ...response, transports: response.transports ?? [] },
        },
        expectedChallenge: (challenge) => this.wasGiven(challenge, userId),
        expectedOrigin: this.origin,
        expectedRPID: this.rpID,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (!verified.registrationInfo) throw new DomainError('passkey.invalid');
    const { credential: made, credentialBackedUp } = verified.registrationInfo;
    return {
      credentialId: Buffer.from(made.id, 'base64url'),
      publicKey: Buffer.from(made.publicKey),
      counter: made.counter,
      transports: response.transports ?? [],
      synced: credentialBackedUp,
    };
  }

  async login() {
    const options = await generateAuthenticationOptions({
      rpID: this.rpID,
      challenge: new Uint8Array(randomBytes(CHALLENGE_BYTES)),
      timeout: CHALLENGE_S * 1000,
      userVerification: 'required',
    });
    await this.challenges.put(PURPOSE, options.challenge, LOGIN, CHALLENGE_S);
    return PasskeyRequestOptions.parse(options);
  }

  /** The counter after this use. Throws `auth.passkey_invalid`. */
  async verify(passkey: PasskeyRow, { response, ...credential }: PasskeyLogin['credential']) {
    const { userHandle } = response;
    if (userHandle && !handleOf(passkey.userId).equals(Buffer.from(userHandle, 'base64url')))
      throw new DomainError('auth.passkey_invalid');
    const { clientDataJSON, authenticatorData, signature } = response;
    const verified = await this.judged('auth.passkey_invalid', () =>
      verifyAuthenticationResponse({
        response: { ...pick(credential), response: { clientDataJSON, authenticatorData, signature } },
        expectedChallenge: (challenge) => this.wasGiven(challenge, LOGIN),
        expectedOrigin: this.origin,
        expectedRPID: this.rpID,
        credential: {
          id: passkey.credentialId.toString('base64url'),
          publicKey: new Uint8Array(passkey.publicKey),
          counter: passkey.counter,
        },
      }),
    );
    if (!verified.verified) throw new DomainError('auth.passkey_invalid');
    return {
      counter: verified.authenticationInfo.newCounter,
      synced: verified.authenticationInfo.credentialBackedUp,
    };
  }

  private async wasGiven(challenge: string, to: string): Promise<boolean> {
    return (await this.challenges.take(PURPOSE, challenge)) === to;
  }

  /** The library throws on whatever it does not like, malformed bytes included. */
  private async judged<T>(code: 'passkey.invalid' | 'auth.passkey_invalid', judge: () => Promise<T>) {
    try {
      return await judge();
    } catch (error) {
      throw error instanceof DomainError ? error : new DomainError(code, {}, { cause: error });
    }
  }
}

const pick = ({ id, rawId }: { id: string; rawId: string }) => ({
  id,
  rawId,
  type: 'public-key' as const,
  clientExtensionResults: {},
});

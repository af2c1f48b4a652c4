import { Injectable } from '@nestjs/common';
import type {
  AddPasskey,
  Passkey,
  PasskeyCreationOptions,
  PasskeyId,
  PasskeyLogin,
  PasskeyRequestOptions,
  Passkeys,
  UserId,
} from '#contracts';
import { uuidv7 } from '#core';
import type { Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { Reauthentication } from '../accounts/reauthentication.service.js';
import { requirePerson } from '../accounts/person.js';
import { Ceremonies } from './ceremonies.js';
import { PasskeySet } from './passkey-set.service.js';
import { MAX_PASSKEYS, presentPasskey, type PasskeyRow } from './passkey.js';
import { PasskeysRepository } from './passkeys.repository.js';

/** A person's passkeys, and the logins they open. */
@Injectable()
export class PasskeysService {
  constructor(
    private readonly passkeys: PasskeysRepository,
    private readonly set: PasskeySet,
    private readonly ceremonies: Ceremonies,
    private readonly people: Reauthentication,
  ) {}

  async list(caller: Principal): Promise<Passkeys> {
    requirePerson(caller);
    return this.set.of(caller.userId);
  }

  async start(caller: Principal, password: string): Promise<PasskeyCreationOptions> {
    const account = await this.people.require(caller, password);
    const known = await this.set.rows(caller.userId);
    if (known.length >= MAX_PASSKEYS) throw new DomainError('passkey.too_many');
    return this.ceremonies.registration(caller.userId, account, known);
  }

  async add(caller: Principal, { name, credential }: AddPasskey): Promise<Passkey> {
    requirePerson(caller);
    const { userId } = caller;
    const made = await this.ceremonies.register(userId, credential);
    return this.set.change(userId, async (tx, createdAt) => {
      if ((await this.passkeys.list(tx, userId)).length >= MAX_PASSKEYS)
        throw new DomainError('passkey.too_many');
      const row = { ...made, id: uuidv7() as PasskeyId, userId, name, createdAt };
      if (!(await this.passkeys.insert(tx, row))) throw new DomainError('passkey.exists');
      return presentPasskey({ ...row, lastUsedAt: null });
    });
  }

  async rename(caller: Principal, id: PasskeyId, name: string): Promise<Passkey> {
    requirePerson(caller);
    return this.set.change(caller.userId, async (tx) => {
      if (!(await this.passkeys.rename(tx, id, caller.userId, name)))
        throw new DomainError('passkey.not_found');
      return presentPasskey(await this.get(tx, caller.userId, id));
    });
  }

  async remove(caller: Principal, id: PasskeyId): Promise<void> {
    requirePerson(caller);
    await this.set.change(caller.userId, async (tx) => {
      if (!(await this.passkeys.remove(tx, id, caller.userId))) throw new DomainError('passkey.not_found');
    });
  }

  startLogin(): Promise<PasskeyRequestOptions> {
    return this.ceremonies.login();
  }

  /** Who has proven to hold a passkey. It is user verified, so it stands for both factors. */
  async verifyLogin(credential: PasskeyLogin['credential']): Promise<UserId> {
    const passkey = await this.passkeys.findByCredential(Buffer.from(credential.id, 'base64url'));
    if (!passkey) throw new DomainError('auth.passkey_invalid');
    const { counter, synced } = await this.ceremonies.verify(passkey, credential);
    await this.set.change(passkey.userId, async (tx, now) => {
      if (!(await this.passkeys.use(tx, passkey.id, counter, synced, now)))
        throw new DomainError('auth.passkey_invalid');
    });
    return passkey.userId;
  }

  private async get(tx: Tx, userId: UserId, id: PasskeyId): Promise<PasskeyRow> {
    const row = (await this.passkeys.list(tx, userId)).find((one) => one.id === id);
    if (!row) throw new DomainError('passkey.not_found');
    return row;
  }
}

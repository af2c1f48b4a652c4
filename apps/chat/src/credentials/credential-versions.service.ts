import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { Tx } from '#db';
import { CredentialVersionsRepository, type CredentialKind } from './credential-versions.repository.js';

/** Counts the changes of each kind of credential, per person. */
@Injectable()
export class CredentialVersions {
  constructor(private readonly versions: CredentialVersionsRepository) {}

  /** The version of the change that is about to be made. Others who change the same wait for this transaction. */
  next(tx: Tx, userId: UserId, kind: CredentialKind): Promise<number> {
    return this.versions.next(tx, userId, kind);
  }

  /** Read it before what it counts: what is read then may be newer, never older, than it says. */
  current(userId: UserId, kind: CredentialKind): Promise<number> {
    return this.versions.current(userId, kind);
  }
}

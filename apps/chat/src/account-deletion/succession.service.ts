import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { Tx } from '#db';
import { DomainError } from '#platform';
import { AuthorityService } from '../access/authority.service.js';
import { AccountDeletionRepository } from './account-deletion.repository.js';

/** Nobody goes who would leave a workspace without an owner. */
@Injectable()
export class Succession {
  constructor(
    private readonly deletion: AccountDeletionRepository,
    private readonly authority: AuthorityService,
  ) {}

  /** Locks the workspaces, so that of two owners who go at once one stays. Throws `account.sole_owner`. */
  async require(tx: Tx, userId: UserId): Promise<void> {
    for (const id of await this.deletion.workspacesOf(tx, userId)) await this.authority.lock(tx, id);
    const workspaces = await this.deletion.solelyOwned(tx, userId);
    if (workspaces.length === 0) return;
    throw new DomainError('account.sole_owner', {
      detail: `You are the only owner of ${workspaces.map(({ name }) => name).join(', ')}.`,
      errors: workspaces.map(({ id, name }) => ({ pointer: `/workspaces/${id}`, detail: name })),
    });
  }
}

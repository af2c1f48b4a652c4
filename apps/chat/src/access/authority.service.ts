import { Injectable } from '@nestjs/common';
import type { UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { DomainError } from '#platform';
import { AccessRepository } from './access.repository.js';
import { AccessService, type Asker } from './access.service.js';
import { allows, type Permission, type Standing } from './permission.js';

/** Who decides, as they stand at the moment of the decision. */
export type Actor = Standing & { userId: UserId };
export type Decision = { tx: Tx; workspaceId: WorkspaceId; actor: Actor; now: Date };

/**
 * Decisions on who is what in a workspace, and on its settings, are made one after another: each locks the
 * workspace first and judges its actor by what they are then. Two owners who demote each other at once are
 * one owner who demoted and one who no longer could.
 */
@Injectable()
export class AuthorityService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly repository: AccessRepository,
    private readonly clock: Clock,
  ) {}

  /** Runs `work` in a transaction. Throws `workspace.not_found` or, unless `permission` is null, `permission.denied`. */
  async decide<T>(
    caller: Asker,
    workspaceId: WorkspaceId,
    permission: Permission | null,
    work: (decision: Decision) => Promise<T>,
  ): Promise<T> {
    // Whoever may not anyway waits for nobody.
    if (permission) await this.access.permit(caller, workspaceId, permission);
    else await this.access.workspace(caller, workspaceId);
    return this.database.transaction(async (tx) => {
      await this.repository.lockWorkspace(tx, workspaceId);
      const standing = await this.access.standingIn(tx, workspaceId, caller.userId);
      if (!standing) throw new DomainError('workspace.not_found');
      if (permission && !allows(standing, permission)) throw new DomainError('permission.denied');
      const actor = { ...standing, userId: caller.userId };
      return work({ tx, workspaceId, actor, now: this.clock.now() });
    });
  }

  /** For whoever writes on behalf of an account as a whole, in a transaction of their own. */
  async lock(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
    await this.repository.lockWorkspace(tx, workspaceId);
  }
}

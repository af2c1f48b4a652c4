import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { WorkspaceId } from '#contracts';
import { Outbox } from '#db';
import { DomainError, type Principal } from '#platform';
import { AuthorityService } from '../access/authority.service.js';
import { newEvent } from '../events/new-event.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { WorkspaceDeletionRepository } from './workspace-deletion.repository.js';
import { WorkspacesRepository } from './workspaces.repository.js';

const purgeJob = job('workspace.purge', z.object({ workspaceId: WorkspaceId }), { lane: 'long' });

/** Deleting a workspace: at once for people, in the background for what takes long. */
@Injectable()
export class WorkspaceDeletionService implements OnModuleInit {
  constructor(
    private readonly authority: AuthorityService,
    private readonly workspaces: WorkspacesRepository,
    private readonly deletion: WorkspaceDeletionRepository,
    private readonly outbox: Outbox,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.work(purgeJob, ({ workspaceId }, { signal }) => this.purge(workspaceId, signal));
  }

  async delete(caller: Principal, workspaceId: WorkspaceId, name: string): Promise<void> {
    await this.authority.decide(caller, workspaceId, 'workspace.delete', async ({ tx, actor, now }) => {
      if ((await this.workspaces.get(tx, workspaceId)).name !== name)
        throw new DomainError('request.invalid', {
          errors: [{ pointer: '/query/name', detail: 'is not the name of the workspace' }],
        });
      await this.deletion.close(tx, workspaceId, now);
      const about = { workspaceId, actorId: actor.userId, time: now };
      await this.outbox.append(tx, newEvent('workspace.deleted', about, { workspaceId }), {
        scope: 'workspace',
        id: workspaceId,
      });
      await this.jobs.enqueue(tx, purgeJob, { workspaceId });
    });
  }

  /** Begins anew when it was interrupted: what is gone is passed over. */
  private async purge(workspaceId: WorkspaceId, signal: AbortSignal): Promise<void> {
    if (!(await this.deletion.isClosed(workspaceId))) return;
    let after: string | null = null;
    do {
      signal.throwIfAborted();
      after = await this.deletion.purgeMessages(workspaceId, after ?? undefined);
    } while (after !== null);
    await this.deletion.purgeRest(workspaceId);
  }
}

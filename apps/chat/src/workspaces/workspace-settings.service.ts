import { Injectable } from '@nestjs/common';
import type { UpdateWorkspace, WorkspaceId } from '#contracts';
import { Outbox } from '#db';
import type { Principal } from '#platform';
import { requireVersion } from '#platform';
import { AuthorityService } from '../access/authority.service.js';
import { newEvent } from '../events/new-event.js';
import { ImagesService } from '../images/images.service.js';
import { changed, presentWorkspace } from './workspace.js';
import { WorkspacesRepository } from './workspaces.repository.js';

/** Name, looks and rules of a workspace. */
@Injectable()
export class WorkspaceSettingsService {
  constructor(
    private readonly authority: AuthorityService,
    private readonly workspaces: WorkspacesRepository,
    private readonly images: ImagesService,
    private readonly outbox: Outbox,
  ) {}

  /** Nothing that differs changes nothing: no version, no event. Throws `precondition.failed`. */
  async update(
    caller: Principal,
    workspaceId: WorkspaceId,
    input: UpdateWorkspace,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.authority.decide(caller, workspaceId, 'workspace.update', async ({ tx, actor, now }) => {
      const row = await this.workspaces.get(tx, workspaceId);
      requireVersion(ifMatch, row.version);
      const next = changed(row, input);
      if (!next) return;
      if (next.iconImageId && next.iconImageId !== row.iconImageId)
        await this.images.useFor(tx, workspaceId, actor.userId, next.iconImageId);
      await this.workspaces.update(tx, next);
      const about = { workspaceId, actorId: actor.userId, time: now };
      const event = newEvent('workspace.updated', about, { workspace: presentWorkspace(next) });
      await this.outbox.append(tx, event, { scope: 'workspace', id: workspaceId });
    });
  }
}

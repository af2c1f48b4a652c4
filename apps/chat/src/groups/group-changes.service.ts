import { Injectable } from '@nestjs/common';
import type { Group, GroupId, UserId, WorkspaceId } from '#contracts';
import { Outbox, type Tx } from '#db';
import { DomainError } from '#platform';
import { newEvent } from '../events/new-event.js';
import { presentGroup } from './group.js';
import { GroupsRepository } from './groups.repository.js';

/** Where and when groups change, and by whom. */
export type GroupChange = { workspaceId: WorkspaceId; actorId: UserId; time: Date };

/** Tells the members of a workspace what became of its groups. Whoever calls holds the lock of the workspace. */
@Injectable()
export class GroupChanges {
  constructor(
    private readonly groups: GroupsRepository,
    private readonly outbox: Outbox,
  ) {}

  async announce(tx: Tx, id: GroupId, about: GroupChange): Promise<Group> {
    const { workspaceId } = about;
    const row = await this.groups.find(tx, workspaceId, id);
    if (!row) throw new DomainError('group.not_found');
    const group = presentGroup(row);
    const audience = { scope: 'members', id: workspaceId } as const;
    await this.outbox.append(tx, newEvent('group.updated', about, { group }), audience);
    return group;
  }

  /** To be called after the change: makes the group the next version. */
  async changed(tx: Tx, id: GroupId, about: GroupChange): Promise<Group> {
    await this.groups.nextVersion(tx, id);
    return this.announce(tx, id, about);
  }

  async deleted(tx: Tx, groupId: GroupId, about: GroupChange): Promise<void> {
    const audience = { scope: 'members', id: about.workspaceId } as const;
    await this.outbox.append(tx, newEvent('group.deleted', about, { groupId }), audience);
  }

  /** Of someone who leaves the workspace or becomes a guest: out of all its groups. */
  async leaveAll(tx: Tx, userId: UserId, about: GroupChange): Promise<void> {
    for (const id of await this.groups.removeFromAll(tx, about.workspaceId, userId))
      await this.changed(tx, id, about);
  }

  /** Of someone who is back in the workspace, and in the groups they had been in. */
  async announceReturn(tx: Tx, userId: UserId, about: GroupChange): Promise<void> {
    for (const id of await this.groups.allOf(tx, about.workspaceId, userId))
      await this.changed(tx, id, about);
  }
}

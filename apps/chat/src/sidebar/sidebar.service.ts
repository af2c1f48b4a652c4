import { Injectable } from '@nestjs/common';
import type {
  ChannelId,
  CreateSection,
  PlaceChannel,
  SectionId,
  Sidebar,
  SidebarSection,
  UpdateSection,
  UserId,
  WorkspaceId,
} from '#contracts';
import { Clock, uuidv7 } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import {
  addSection,
  changeSection,
  keepOnly,
  placeChannel,
  placed,
  removeSection,
  type Refusal,
} from './sidebar.js';
import { SidebarRepository } from './sidebar.repository.js';

type Step = (sections: SidebarSection[]) => SidebarSection[] | Refusal;

/** The sections by which each person orders their channels. */
@Injectable()
export class SidebarService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly sidebars: SidebarRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async get(caller: Principal, workspaceId: WorkspaceId): Promise<Sidebar> {
    await this.access.workspace(caller, workspaceId);
    return this.of(caller.userId, workspaceId);
  }

  /** Whoever asks has checked access. */
  async of(userId: UserId, workspaceId: WorkspaceId): Promise<Sidebar> {
    return (await this.sidebars.find(workspaceId, userId)) ?? { sections: [], version: 0 };
  }

  async addSection(caller: Principal, workspaceId: WorkspaceId, input: CreateSection): Promise<Sidebar> {
    await this.access.workspace(caller, workspaceId);
    const section = { id: uuidv7() as SectionId, name: input.name, collapsed: false, channelIds: [] };
    return this.change(caller, workspaceId, (sections) => addSection(sections, section, input.after));
  }

  async changeSection(
    caller: Principal,
    workspaceId: WorkspaceId,
    id: SectionId,
    input: UpdateSection,
  ): Promise<Sidebar> {
    await this.access.workspace(caller, workspaceId);
    return this.change(caller, workspaceId, (sections) => changeSection(sections, id, input));
  }

  async removeSection(caller: Principal, workspaceId: WorkspaceId, id: SectionId): Promise<Sidebar> {
    await this.access.workspace(caller, workspaceId);
    return this.change(caller, workspaceId, (sections) => removeSection(sections, id));
  }

  async place(caller: Principal, channelId: ChannelId, { sectionId, after }: PlaceChannel): Promise<Sidebar> {
    const { workspaceId } = await this.access.joinedChannel(caller, channelId);
    const step: Step = (sections) => placeChannel(sections, channelId, sectionId, after);
    return this.change(caller, workspaceId, step);
  }

  private change(caller: Principal, workspaceId: WorkspaceId, step: Step): Promise<Sidebar> {
    return this.database.transaction(async (tx) => {
      const { userId } = caller;
      const old = await this.sidebars.lock(tx, workspaceId, userId);
      if (!old) throw new DomainError('workspace.not_found');
      let result = step(old.sections);
      if (result === 'full') result = step(await this.tidied(tx, caller, old.sections));
      if (typeof result === 'string') throw refused(result);
      const sidebar = await this.sidebars.save(tx, workspaceId, userId, result);
      const about = { workspaceId, actorId: userId, time: this.clock.now() };
      await this.outbox.append(tx, newEvent('sidebar.updated', about, { sidebar }), {
        scope: 'user',
        id: userId,
      });
      return sidebar;
    });
  }

  /** Channels that were left keep their place for the case of coming back, until the room is needed. */
  private async tidied(tx: Tx, caller: Principal, sections: SidebarSection[]): Promise<SidebarSection[]> {
    return keepOnly(sections, await this.sidebars.joinedOf(tx, caller.userId, placed(sections)));
  }
}

const refused = (refusal: Refusal): DomainError => {
  if (refusal === 'full') return new DomainError('sidebar.full');
  if (refusal === 'no_section') return new DomainError('section.not_found');
  return new DomainError('request.invalid', {
    errors: [{ pointer: '/after', detail: 'is not where it is to be put' }],
  });
};

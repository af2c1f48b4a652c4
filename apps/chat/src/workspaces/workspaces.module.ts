import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ImagesModule } from '../images/images.module.js';
import { MembersModule } from '../members/members.module.js';
import { DomainJoiningService } from './domain-joining.service.js';
import { WorkspaceDeletionRepository } from './workspace-deletion.repository.js';
import { WorkspaceDeletionService } from './workspace-deletion.service.js';
import { WorkspaceSettingsService } from './workspace-settings.service.js';
import { WorkspacesController } from './workspaces.controller.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

@Module({
  imports: [ChannelsModule, ImagesModule, MembersModule],
  controllers: [WorkspacesController],
  providers: [
    WorkspacesRepository,
    WorkspacesService,
    WorkspaceSettingsService,
    WorkspaceDeletionRepository,
    WorkspaceDeletionService,
    DomainJoiningService,
  ],
  exports: [WorkspacesService],
})
export class WorkspacesModule {}

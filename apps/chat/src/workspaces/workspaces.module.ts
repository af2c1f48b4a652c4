import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { WorkspaceEntryService } from './workspace-entry.service.js';
import { WorkspacesController } from './workspaces.controller.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

@Module({
  imports: [ChannelsModule],
  controllers: [WorkspacesController],
  providers: [WorkspacesRepository, WorkspacesService, WorkspaceEntryService],
  exports: [WorkspacesService, WorkspaceEntryService],
})
export class WorkspacesModule {}

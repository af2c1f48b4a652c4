import { Module } from '@nestjs/common';
import { WorkspacesModule } from '../workspaces/workspaces.module.js';
import { InvitesController } from './invites.controller.js';
import { InvitesRepository } from './invites.repository.js';
import { InvitesService } from './invites.service.js';

@Module({
  imports: [WorkspacesModule],
  controllers: [InvitesController],
  providers: [InvitesRepository, InvitesService],
})
export class InvitesModule {}

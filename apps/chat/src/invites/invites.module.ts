import { Module } from '@nestjs/common';
import { WorkspacesModule } from '../workspaces/workspaces.module.js';
import { InviteMails } from './invite-mails.service.js';
import { InvitesController } from './invites.controller.js';
import { InvitesRepository } from './invites.repository.js';
import { MembersModule } from '../members/members.module.js';
import { InvitesService } from './invites.service.js';
import { NewInvitesService } from './new-invites.service.js';

@Module({
  imports: [WorkspacesModule, MembersModule],
  controllers: [InvitesController],
  providers: [InvitesRepository, InvitesService, NewInvitesService, InviteMails],
})
export class InvitesModule {}

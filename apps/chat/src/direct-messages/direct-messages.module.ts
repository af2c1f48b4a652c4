import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { DirectInvitationDecision } from './direct-invitation-decision.js';
import { DirectInvitationsService } from './direct-invitations.service.js';
import { DirectMessagesController } from './direct-messages.controller.js';
import { DirectMessagesRepository } from './direct-messages.repository.js';
import { DirectMessagesService } from './direct-messages.service.js';

@Module({
  imports: [ChannelsModule],
  controllers: [DirectMessagesController],
  providers: [
    DirectMessagesRepository,
    DirectMessagesService,
    DirectInvitationDecision,
    DirectInvitationsService,
  ],
  exports: [DirectMessagesService],
})
export class DirectMessagesModule {}

import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  OpenDirect,
  params,
  ProposeDirectMember,
  type ChannelId,
  type DirectInvitation,
  type MyChannel,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { DirectInvitationsService } from './direct-invitations.service.js';
import { DirectMessagesService } from './direct-messages.service.js';

type C = { channelId: ChannelId };
type CD = C & { invitationId: DirectInvitation['id'] };

@Controller()
export class DirectMessagesController {
  constructor(
    private readonly directs: DirectMessagesService,
    private readonly invitations: DirectInvitationsService,
  ) {}

  @Post('workspaces/:workspaceId/dms')
  @HttpCode(200)
  open(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: WorkspaceId },
    @Body({ schema: OpenDirect }) body: OpenDirect,
  ): Promise<MyChannel> {
    return this.directs.open(caller, workspaceId, body.userIds);
  }

  @Get('channels/:channelId/direct-invitations')
  async list(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
  ): Promise<Page<DirectInvitation>> {
    return { data: await this.invitations.list(caller, channelId), nextCursor: null };
  }

  @Post('channels/:channelId/direct-invitations')
  propose(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: C,
    @Body({ schema: ProposeDirectMember }) body: ProposeDirectMember,
  ): Promise<DirectInvitation> {
    return this.invitations.propose(caller, channelId, body.userId);
  }

  @Post('channels/:channelId/direct-invitations/:invitationId/accept')
  @HttpCode(200)
  accept(
    @Caller() caller: Principal,
    @Param({ schema: params.cd }) { channelId, invitationId }: CD,
  ): Promise<DirectInvitation> {
    return this.invitations.answer(caller, channelId, invitationId, 'accept');
  }

  @Post('channels/:channelId/direct-invitations/:invitationId/decline')
  @HttpCode(200)
  decline(
    @Caller() caller: Principal,
    @Param({ schema: params.cd }) { channelId, invitationId }: CD,
  ): Promise<DirectInvitation> {
    return this.invitations.answer(caller, channelId, invitationId, 'decline');
  }
}

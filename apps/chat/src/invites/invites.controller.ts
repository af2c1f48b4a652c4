import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  CreateInvite,
  InviteByEmail,
  params,
  type CreatedInvite,
  type EmailInvites,
  type Invite,
  type InviteId,
  type InvitePreview,
  type MyWorkspace,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, Public, type Principal } from '#platform';
import { WorkspacesService } from '../workspaces/workspaces.service.js';
import { InvitesService } from './invites.service.js';
import { NewInvitesService } from './new-invites.service.js';

type W = { workspaceId: WorkspaceId };
type T = { token: string };

@Controller()
export class InvitesController {
  constructor(
    private readonly invites: InvitesService,
    private readonly newInvites: NewInvitesService,
    private readonly workspaces: WorkspacesService,
  ) {}

  @Post('workspaces/:workspaceId/invites')
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateInvite }) body: CreateInvite,
  ): Promise<CreatedInvite> {
    return this.newInvites.create(caller, workspaceId, body);
  }

  @Post('workspaces/:workspaceId/invites/emails')
  @HttpCode(200)
  byEmail(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: InviteByEmail }) body: InviteByEmail,
  ): Promise<EmailInvites> {
    return this.newInvites.byEmail(caller, workspaceId, body);
  }

  @Get('workspaces/:workspaceId/invites')
  async list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
  ): Promise<Page<Invite>> {
    return { data: await this.invites.list(caller, workspaceId), nextCursor: null };
  }

  @Delete('workspaces/:workspaceId/invites/:inviteId')
  @HttpCode(204)
  async revoke(
    @Caller() caller: Principal,
    @Param({ schema: params.wi }) { workspaceId, inviteId }: W & { inviteId: InviteId },
  ): Promise<void> {
    await this.invites.revoke(caller, workspaceId, inviteId);
  }

  @Public()
  @Get('invites/:token')
  preview(@Param({ schema: params.i }) { token }: T): Promise<InvitePreview> {
    return this.invites.preview(token);
  }

  @Post('invites/:token/accept')
  @HttpCode(200)
  async accept(@Caller() caller: Principal, @Param({ schema: params.i }) { token }: T): Promise<MyWorkspace> {
    return this.workspaces.get(caller, await this.invites.accept(caller, token));
  }
}

import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  CreateInvite,
  params,
  type CreatedInvite,
  type Invite,
  type InviteId,
  type InvitePreview,
  type MyWorkspace,
  type Page,
  type WorkspaceId,
} from '#contracts';
import { Caller, CONFIG, Public, type Principal } from '#platform';
import type { ChatConfig } from '../config.js';
import { InvitesService } from './invites.service.js';

type W = { workspaceId: WorkspaceId };
type T = { token: string };

@Controller()
export class InvitesController {
  constructor(
    private readonly invites: InvitesService,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  @Post('workspaces/:workspaceId/invites')
  async create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateInvite }) body: CreateInvite,
  ): Promise<CreatedInvite> {
    const invite = await this.invites.create(caller, workspaceId, body);
    return { ...invite, url: `${this.config.publicUrl}/invite/${invite.token}` };
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
  accept(@Caller() caller: Principal, @Param({ schema: params.i }) { token }: T): Promise<MyWorkspace> {
    return this.invites.accept(caller, token);
  }
}

import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { params, type Unread, type WorkspaceId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { UnreadService } from './unread.service.js';

type W = { workspaceId: WorkspaceId };

@Controller('workspaces/:workspaceId')
export class UnreadController {
  constructor(private readonly service: UnreadService) {}

  @Get('unread')
  unread(@Caller() caller: Principal, @Param({ schema: params.w }) { workspaceId }: W): Promise<Unread> {
    return this.service.unread(caller, workspaceId);
  }

  @Post('mark-all-read')
  @HttpCode(204)
  async readAll(@Caller() caller: Principal, @Param({ schema: params.w }) { workspaceId }: W): Promise<void> {
    await this.service.readAll(caller, workspaceId);
  }
}

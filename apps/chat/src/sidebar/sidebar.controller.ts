import { Body, Controller, Delete, Get, Param, Patch, Post, Put } from '@nestjs/common';
import {
  CreateSection,
  params,
  PlaceChannel,
  UpdateSection,
  type ChannelId,
  type SectionId,
  type Sidebar,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { SidebarService } from './sidebar.service.js';

type W = { workspaceId: WorkspaceId };
type WS = W & { sectionId: SectionId };

@Controller()
export class SidebarController {
  constructor(private readonly sidebar: SidebarService) {}

  @Get('workspaces/:workspaceId/sections')
  get(@Caller() caller: Principal, @Param({ schema: params.w }) { workspaceId }: W): Promise<Sidebar> {
    return this.sidebar.get(caller, workspaceId);
  }

  @Post('workspaces/:workspaceId/sections')
  create(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Body({ schema: CreateSection }) body: CreateSection,
  ): Promise<Sidebar> {
    return this.sidebar.addSection(caller, workspaceId, body);
  }

  @Patch('workspaces/:workspaceId/sections/:sectionId')
  update(
    @Caller() caller: Principal,
    @Param({ schema: params.wsection }) { workspaceId, sectionId }: WS,
    @Body({ schema: UpdateSection }) body: UpdateSection,
  ): Promise<Sidebar> {
    return this.sidebar.changeSection(caller, workspaceId, sectionId, body);
  }

  @Delete('workspaces/:workspaceId/sections/:sectionId')
  remove(
    @Caller() caller: Principal,
    @Param({ schema: params.wsection }) { workspaceId, sectionId }: WS,
  ): Promise<Sidebar> {
    return this.sidebar.removeSection(caller, workspaceId, sectionId);
  }

  @Put('channels/:channelId/section')
  place(
    @Caller() caller: Principal,
    @Param({ schema: params.c }) { channelId }: { channelId: ChannelId },
    @Body({ schema: PlaceChannel }) body: PlaceChannel,
  ): Promise<Sidebar> {
    return this.sidebar.place(caller, channelId, body);
  }
}

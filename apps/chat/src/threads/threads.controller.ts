import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  MarkUnread,
  MoveReadCursor,
  params,
  SetThreadPreferences,
  ThreadsQuery,
  type FollowedThread,
  type MessageId,
  type Page,
  type ThreadMembership,
  type WorkspaceId,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { ThreadMembershipsService } from './thread-memberships.service.js';
import { ThreadsService } from './threads.service.js';

type W = { workspaceId: WorkspaceId };
type M = { messageId: MessageId };

@Controller()
export class ThreadsController {
  constructor(
    private readonly threads: ThreadsService,
    private readonly memberships: ThreadMembershipsService,
  ) {}

  @Get('messages/:messageId/follow')
  get(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<ThreadMembership> {
    return this.memberships.get(caller, messageId);
  }

  @Put('messages/:messageId/follow')
  follow(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
  ): Promise<ThreadMembership> {
    return this.memberships.follow(caller, messageId, true);
  }

  @Delete('messages/:messageId/follow')
  unfollow(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
  ): Promise<ThreadMembership> {
    return this.memberships.follow(caller, messageId, false);
  }

  @Put('messages/:messageId/thread-preferences')
  setLevel(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Body({ schema: SetThreadPreferences }) { level }: SetThreadPreferences,
  ): Promise<ThreadMembership> {
    return this.memberships.setLevel(caller, messageId, level);
  }

  @Put('messages/:messageId/thread-read-cursor')
  read(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Body({ schema: MoveReadCursor }) { seq }: MoveReadCursor,
  ): Promise<ThreadMembership> {
    return this.memberships.read(caller, messageId, seq);
  }

  @Post('messages/:messageId/thread-mark-unread')
  @HttpCode(200)
  markUnread(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Body({ schema: MarkUnread }) { seq }: MarkUnread,
  ): Promise<ThreadMembership> {
    return this.memberships.markUnread(caller, messageId, seq);
  }

  @Get('workspaces/:workspaceId/threads')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: ThreadsQuery }) query: ThreadsQuery,
  ): Promise<Page<FollowedThread>> {
    return this.threads.inbox(caller, workspaceId, query);
  }

  @Post('workspaces/:workspaceId/threads/mark-all-read')
  @HttpCode(204)
  async readAll(@Caller() caller: Principal, @Param({ schema: params.w }) { workspaceId }: W): Promise<void> {
    await this.memberships.readAll(caller, workspaceId);
  }
}

import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { params, type Me, type Page, type Session, type SessionId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { AuthService } from './auth.service.js';
import { SessionsService } from './sessions.service.js';

@Controller()
export class MeController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
  ) {}

  @Get('me')
  me(@Caller() caller: Principal): Promise<Me> {
    return this.auth.me(caller);
  }

  @Get('sessions')
  async listSessions(@Caller() caller: Principal): Promise<Page<Session>> {
    return { data: await this.sessions.list(caller), nextCursor: null };
  }

  @Delete('sessions')
  @HttpCode(204)
  async revokeOtherSessions(@Caller() caller: Principal): Promise<void> {
    await this.sessions.revokeOthers(caller);
  }

  @Delete('sessions/:sessionId')
  @HttpCode(204)
  async revokeSession(
    @Caller() caller: Principal,
    @Param({ schema: params.s }) { sessionId }: { sessionId: SessionId },
  ): Promise<void> {
    await this.sessions.revoke(caller, sessionId);
  }
}

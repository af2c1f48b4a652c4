import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  Login,
  Refresh,
  Register,
  ServiceTokenRequest,
  type AuthResult,
  type ServiceToken,
} from '#contracts';
import { Caller, CONFIG, DomainError, Public, REFRESH_COOKIE, type Principal } from '#platform';
import type { ChatConfig } from '../config.js';
import { clearAuthCookies, handOver } from './auth-cookies.js';
import { AuthService, type Authenticated } from './auth.service.js';
import { deviceOf } from './device-of.js';
import { SessionsService } from './sessions.service.js';
import { TokenIssuer } from './token-issuer.js';

@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly tokens: TokenIssuer,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  @Public()
  @Post('register')
  async register(
    @Body({ schema: Register }) body: Register,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResult> {
    return this.present(await this.auth.register(body, deviceOf(request)), body.transport, reply);
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  async login(
    @Body({ schema: Login }) body: Login,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResult> {
    return this.present(await this.auth.login(body, deviceOf(request)), body.transport, reply);
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  async refresh(
    @Body({ schema: Refresh }) body: Refresh,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResult> {
    const token = body.refreshToken ?? request.cookies[REFRESH_COOKIE];
    if (!token) throw new DomainError('auth.refresh_invalid');
    try {
      return this.present(await this.auth.refresh(token), body.refreshToken ? 'token' : 'cookie', reply);
    } catch (error) {
      if (!body.refreshToken && error instanceof DomainError) clearAuthCookies(reply);
      throw error;
    }
  }

  @Post('logout')
  @HttpCode(204)
  async logout(@Caller() caller: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.sessions.revoke(caller, caller.sessionId);
    clearAuthCookies(reply);
  }

  @Public()
  @Post('token')
  @HttpCode(200)
  issueServiceToken(@Body({ schema: ServiceTokenRequest }) body: ServiceTokenRequest): Promise<ServiceToken> {
    return this.tokens.issueToBot(body.clientSecret);
  }

  @Public()
  @Get('jwks')
  jwks(): { keys: Record<string, unknown>[] } {
    return this.tokens.jwks();
  }

  private present(auth: Authenticated, transport: 'token' | 'cookie', reply: FastifyReply): AuthResult {
    return handOver(auth, transport, reply, this.config);
  }
}

import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PasskeyLogin, type AuthResult, type PasskeyRequestOptions } from '#contracts';
import { CONFIG, Public } from '#platform';
import { handOver } from '../accounts/auth-cookies.js';
import { AuthService } from '../accounts/auth.service.js';
import { deviceOf } from '../accounts/device-of.js';
import type { ChatConfig } from '../config.js';
import { PasskeysService } from './passkeys.service.js';

@Controller('auth/passkey')
export class PasskeyLoginController {
  constructor(
    private readonly passkeys: PasskeysService,
    private readonly auth: AuthService,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  @Public()
  @Post('options')
  @HttpCode(200)
  start(): Promise<PasskeyRequestOptions> {
    return this.passkeys.startLogin();
  }

  @Public()
  @Post()
  @HttpCode(200)
  async login(
    @Body({ schema: PasskeyLogin }) { credential, transport }: PasskeyLogin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResult> {
    const userId = await this.passkeys.verifyLogin(credential);
    return handOver(
      await this.auth.admit(userId, deviceOf(request), 'passkey'),
      transport,
      reply,
      this.config,
    );
  }
}

import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CompleteLogin, type AuthResult } from '#contracts';
import { CONFIG, Public } from '#platform';
import { handOver } from '../accounts/auth-cookies.js';
import { AuthService } from '../accounts/auth.service.js';
import { deviceOf } from '../accounts/device-of.js';
import type { ChatConfig } from '../config.js';
import { SecondFactorService } from './second-factor.service.js';

@Controller('auth/two-factor')
export class TwoFactorLoginController {
  constructor(
    private readonly secondFactor: SecondFactorService,
    private readonly auth: AuthService,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  @Public()
  @Post()
  @HttpCode(200)
  async complete(
    @Body({ schema: CompleteLogin }) { challenge, transport, ...proof }: CompleteLogin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResult> {
    const userId = await this.secondFactor.answer(challenge, proof);
    return handOver(
      await this.auth.admit(userId, deviceOf(request), 'two_factor'),
      transport,
      reply,
      this.config,
    );
  }
}

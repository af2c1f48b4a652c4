import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DeleteAccount } from '#contracts';
import { Caller, type Principal } from '#platform';
import { clearAuthCookies } from '../accounts/auth-cookies.js';
import { AccountDeletionService } from './account-deletion.service.js';

@Controller('me/deletion')
export class AccountDeletionController {
  constructor(private readonly service: AccountDeletionService) {}

  @Post()
  @HttpCode(204)
  async delete(
    @Caller() caller: Principal,
    @Body({ schema: DeleteAccount }) { password }: DeleteAccount,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.service.delete(caller, password);
    clearAuthCookies(reply);
  }
}

import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ChangeEmail, ChangePassword, ForgotPassword, ResetPassword, VerifyEmail } from '#contracts';
import { Caller, Public, type Principal } from '#platform';
import { EmailAddressesService } from './email-addresses.service.js';
import { EmailConfirmationService } from './email-confirmation.service.js';
import { PasswordResetService } from './password-reset.service.js';
import { PasswordsService } from './passwords.service.js';

@Controller()
export class AccountSecurityController {
  constructor(
    private readonly addresses: EmailAddressesService,
    private readonly confirmation: EmailConfirmationService,
    private readonly passwords: PasswordsService,
    private readonly resets: PasswordResetService,
  ) {}

  @Public()
  @Post('auth/verify-email')
  @HttpCode(204)
  async verifyEmail(@Body({ schema: VerifyEmail }) { token }: VerifyEmail): Promise<void> {
    await this.confirmation.confirm(token);
  }

  @Public()
  @Post('auth/forgot-password')
  @HttpCode(204)
  async forgotPassword(@Body({ schema: ForgotPassword }) { email }: ForgotPassword): Promise<void> {
    await this.resets.request(email);
  }

  @Public()
  @Post('auth/reset-password')
  @HttpCode(204)
  async resetPassword(@Body({ schema: ResetPassword }) body: ResetPassword): Promise<void> {
    await this.passwords.reset(body);
  }

  @Post('me/verification')
  @HttpCode(204)
  async resendVerification(@Caller() caller: Principal): Promise<void> {
    await this.addresses.resendVerification(caller);
  }

  @Post('me/email')
  @HttpCode(204)
  async changeEmail(
    @Caller() caller: Principal,
    @Body({ schema: ChangeEmail }) body: ChangeEmail,
  ): Promise<void> {
    await this.addresses.change(caller, body);
  }

  @Post('me/password')
  @HttpCode(204)
  async changePassword(
    @Caller() caller: Principal,
    @Body({ schema: ChangePassword }) body: ChangePassword,
  ): Promise<void> {
    await this.passwords.change(caller, body);
  }
}

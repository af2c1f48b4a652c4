import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  BothFactors,
  ConfirmTotp,
  StartTotp,
  type RecoveryCodes,
  type TotpSecret,
  type TwoFactor,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { TwoFactorService } from './two-factor.service.js';

@Controller('me/two-factor')
export class TwoFactorController {
  constructor(private readonly twoFactor: TwoFactorService) {}

  @Get()
  get(@Caller() caller: Principal): Promise<TwoFactor> {
    return this.twoFactor.get(caller);
  }

  @Post('totp')
  @HttpCode(200)
  start(@Caller() caller: Principal, @Body({ schema: StartTotp }) body: StartTotp): Promise<TotpSecret> {
    return this.twoFactor.start(caller, body.password);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  confirm(
    @Caller() caller: Principal,
    @Body({ schema: ConfirmTotp }) body: ConfirmTotp,
  ): Promise<RecoveryCodes> {
    return this.twoFactor.confirm(caller, body.code);
  }

  @Post('totp/disable')
  @HttpCode(204)
  disable(@Caller() caller: Principal, @Body({ schema: BothFactors }) body: BothFactors): Promise<void> {
    return this.twoFactor.disable(caller, body);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  renewRecoveryCodes(
    @Caller() caller: Principal,
    @Body({ schema: BothFactors }) body: BothFactors,
  ): Promise<RecoveryCodes> {
    return this.twoFactor.renewRecoveryCodes(caller, body);
  }
}

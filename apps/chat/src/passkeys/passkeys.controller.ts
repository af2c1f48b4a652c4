import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  AddPasskey,
  PasskeyParams,
  RenamePasskey,
  StartPasskey,
  type Passkey,
  type PasskeyCreationOptions,
  type PasskeyId,
  type Passkeys,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { PasskeysService } from './passkeys.service.js';

@Controller('me/passkeys')
export class PasskeysController {
  constructor(private readonly passkeys: PasskeysService) {}

  @Get()
  list(@Caller() caller: Principal): Promise<Passkeys> {
    return this.passkeys.list(caller);
  }

  @Post('options')
  @HttpCode(200)
  start(
    @Caller() caller: Principal,
    @Body({ schema: StartPasskey }) body: StartPasskey,
  ): Promise<PasskeyCreationOptions> {
    return this.passkeys.start(caller, body.password);
  }

  @Post()
  add(@Caller() caller: Principal, @Body({ schema: AddPasskey }) body: AddPasskey): Promise<Passkey> {
    return this.passkeys.add(caller, body);
  }

  @Patch(':passkeyId')
  rename(
    @Caller() caller: Principal,
    @Param({ schema: PasskeyParams }) { passkeyId }: { passkeyId: PasskeyId },
    @Body({ schema: RenamePasskey }) { name }: RenamePasskey,
  ): Promise<Passkey> {
    return this.passkeys.rename(caller, passkeyId, name);
  }

  @Delete(':passkeyId')
  @HttpCode(204)
  remove(
    @Caller() caller: Principal,
    @Param({ schema: PasskeyParams }) { passkeyId }: { passkeyId: PasskeyId },
  ): Promise<void> {
    return this.passkeys.remove(caller, passkeyId);
  }
}

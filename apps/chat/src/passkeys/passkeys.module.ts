import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { Ceremonies } from './ceremonies.js';
import { PasskeyLoginController } from './passkey-login.controller.js';
import { PasskeySet } from './passkey-set.service.js';
import { PasskeysController } from './passkeys.controller.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { PasskeysService } from './passkeys.service.js';

@Module({
  imports: [AccountsModule, CredentialsModule],
  controllers: [PasskeysController, PasskeyLoginController],
  providers: [Ceremonies, PasskeySet, PasskeysRepository, PasskeysService],
})
export class PasskeysModule {}

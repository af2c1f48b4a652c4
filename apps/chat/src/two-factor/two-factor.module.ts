import { Global, Module } from '@nestjs/common';
import { CONFIG } from '#platform';
import { AccountsModule } from '../accounts/accounts.module.js';
import { SecondFactor } from '../accounts/second-factor.js';
import type { ChatConfig } from '../config.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { SecondFactorService } from './second-factor.service.js';
import { SecretBox } from './secret-box.js';
import { TwoFactorLoginController } from './two-factor-login.controller.js';
import { TwoFactorState } from './two-factor-state.service.js';
import { TwoFactorController } from './two-factor.controller.js';
import { TwoFactorRepository } from './two-factor.repository.js';
import { TwoFactorService } from './two-factor.service.js';

/** Global because accounts ask for a `SecondFactor` without knowing this module, which builds on them. */
@Global()
@Module({
  imports: [AccountsModule, CredentialsModule],
  controllers: [TwoFactorController, TwoFactorLoginController],
  providers: [
    TwoFactorRepository,
    TwoFactorService,
    TwoFactorState,
    SecondFactorService,
    { provide: SecondFactor, useExisting: SecondFactorService },
    {
      provide: SecretBox,
      inject: [CONFIG],
      useFactory: (config: ChatConfig) => new SecretBox(config.auth.secretsKey, 'two-factor'),
    },
  ],
  exports: [SecondFactor],
})
export class TwoFactorModule {}

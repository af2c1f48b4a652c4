import { Module } from '@nestjs/common';
import { AccountsRepository } from './accounts.repository.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { LoginThrottle } from './login-throttle.js';
import { MeController } from './me.controller.js';
import { PasswordCheck } from './password-check.js';
import { PasswordHasher } from './password-hasher.js';
import { Reauthentication } from './reauthentication.service.js';
import { PasswordStrength } from './password-strength.js';
import { SessionRevocation } from './session-revocation.js';
import { SessionsService } from './sessions.service.js';
import { TokenIssuer } from './token-issuer.js';

@Module({
  controllers: [AuthController, MeController],
  providers: [
    AccountsRepository,
    AuthService,
    LoginThrottle,
    PasswordCheck,
    PasswordHasher,
    Reauthentication,
    PasswordStrength,
    SessionRevocation,
    SessionsService,
    TokenIssuer,
  ],
  exports: [AuthService, Reauthentication],
})
export class AccountsModule {}

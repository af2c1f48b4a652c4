import { Module } from '@nestjs/common';
import { AccountMailModule } from '../account-mail/account-mail.module.js';
import { AccountsRepository } from './accounts.repository.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { LoginThrottle } from './login-throttle.js';
import { MeController } from './me.controller.js';
import { PasswordCheck } from './password-check.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordStrength } from './password-strength.js';
import { Reauthentication } from './reauthentication.service.js';
import { Registration } from './registration.service.js';
import { SessionRevocation } from './session-revocation.js';
import { SessionsService } from './sessions.service.js';
import { TokenIssuer } from './token-issuer.js';

@Module({
  imports: [AccountMailModule],
  controllers: [AuthController, MeController],
  providers: [
    AccountsRepository,
    AuthService,
    LoginThrottle,
    PasswordCheck,
    PasswordHasher,
    PasswordStrength,
    Reauthentication,
    Registration,
    SessionRevocation,
    SessionsService,
    TokenIssuer,
  ],
  exports: [AuthService, PasswordCheck, Reauthentication, SessionRevocation, SessionsService],
})
export class AccountsModule {}

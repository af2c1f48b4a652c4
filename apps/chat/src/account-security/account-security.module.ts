import { Module } from '@nestjs/common';
import { AccountMailModule } from '../account-mail/account-mail.module.js';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { AccountSecurityController } from './account-security.controller.js';
import { CredentialChanges } from './credential-changes.service.js';
import { CredentialsRepository } from './credentials.repository.js';
import { EmailAddressesService } from './email-addresses.service.js';
import { EmailConfirmationService } from './email-confirmation.service.js';
import { NewPasswords } from './new-passwords.service.js';
import { PasswordResetService } from './password-reset.service.js';
import { PasswordsService } from './passwords.service.js';

/** How a person signs in: address and password. */
@Module({
  imports: [AccountsModule, AccountMailModule, ProfilesModule],
  controllers: [AccountSecurityController],
  providers: [
    CredentialChanges,
    CredentialsRepository,
    EmailAddressesService,
    EmailConfirmationService,
    NewPasswords,
    PasswordResetService,
    PasswordsService,
  ],
})
export class AccountSecurityModule {}

import { Module } from '@nestjs/common';
import { AccountMails } from './account-mails.service.js';
import { AccountTokens } from './account-tokens.service.js';
import { AccountTokensRepository } from './account-tokens.repository.js';

@Module({
  providers: [AccountMails, AccountTokens, AccountTokensRepository],
  exports: [AccountMails, AccountTokens],
})
export class AccountMailModule {}

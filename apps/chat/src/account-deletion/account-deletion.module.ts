import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { MembersModule } from '../members/members.module.js';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { AccountDeletionController } from './account-deletion.controller.js';
import { AccountDeletionRepository } from './account-deletion.repository.js';
import { AccountDeletionService } from './account-deletion.service.js';
import { AccountErasure } from './account-erasure.service.js';
import { SignInEnd } from './sign-in-end.service.js';
import { Succession } from './succession.service.js';

@Module({
  imports: [AccountsModule, MembersModule, ProfilesModule],
  controllers: [AccountDeletionController],
  providers: [AccountDeletionRepository, AccountDeletionService, AccountErasure, SignInEnd, Succession],
})
export class AccountDeletionModule {}

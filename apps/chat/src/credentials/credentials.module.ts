import { Module } from '@nestjs/common';
import { AttemptLimit } from './attempt-limit.js';
import { CredentialVersionsRepository } from './credential-versions.repository.js';
import { CredentialVersions } from './credential-versions.service.js';
import { OneTimeValues } from './one-time-values.js';

@Module({
  providers: [AttemptLimit, CredentialVersions, CredentialVersionsRepository, OneTimeValues],
  exports: [AttemptLimit, CredentialVersions, OneTimeValues],
})
export class CredentialsModule {}

import { Global, Module } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { AccessService } from './access.service.js';
import { AuthorityService } from './authority.service.js';
import { MembershipsHandler } from './memberships.handler.js';

@Global()
@Module({
  controllers: [MembershipsHandler],
  providers: [AccessRepository, AccessService, AuthorityService],
  exports: [AccessService, AuthorityService],
})
export class AccessModule {}

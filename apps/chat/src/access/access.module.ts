import { Global, Module } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { AccessService } from './access.service.js';
import { MembershipsHandler } from './memberships.handler.js';

@Global()
@Module({
  controllers: [MembershipsHandler],
  providers: [AccessRepository, AccessService],
  exports: [AccessService],
})
export class AccessModule {}

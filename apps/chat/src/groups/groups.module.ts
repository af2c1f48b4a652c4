import { Module } from '@nestjs/common';
import { GroupChanges } from './group-changes.service.js';
import { GroupsController } from './groups.controller.js';
import { GroupsRepository } from './groups.repository.js';
import { GroupsService } from './groups.service.js';

@Module({
  controllers: [GroupsController],
  providers: [GroupsRepository, GroupChanges, GroupsService],
  exports: [GroupsService, GroupChanges],
})
export class GroupsModule {}

import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { GroupsModule } from '../groups/groups.module.js';
import { AcquaintancesHandler } from './acquaintances.handler.js';
import { MemberBulkService } from './member-bulk.service.js';
import { MemberDepartureService } from './member-departure.service.js';
import { MemberEntryService } from './member-entry.service.js';
import { MemberRolesService } from './member-roles.service.js';
import { MembersController } from './members.controller.js';
import { MembersListRepository } from './members-list.repository.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';

@Module({
  imports: [ChannelsModule, GroupsModule],
  controllers: [MembersController, AcquaintancesHandler],
  providers: [
    MembersRepository,
    MembersListRepository,
    MembersService,
    MemberEntryService,
    MemberDepartureService,
    MemberRolesService,
    MemberBulkService,
  ],
  exports: [MembersService, MemberEntryService, MemberDepartureService, MemberRolesService],
})
export class MembersModule {}

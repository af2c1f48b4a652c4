import { Module } from '@nestjs/common';
import { AccountMailModule } from '../account-mail/account-mail.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { MembersModule } from '../members/members.module.js';
import { OperationsModule } from '../operations/operations.module.js';
import { CsvChannels } from './csv-channels.service.js';
import { CsvRepository } from './csv.repository.js';
import { CsvRows } from './csv-rows.js';
import { CsvUsers } from './csv-users.service.js';

@Module({
  imports: [AccountMailModule, ChannelsModule, MembersModule, OperationsModule],
  providers: [CsvChannels, CsvRepository, CsvRows, CsvUsers],
})
export class CsvModule {}

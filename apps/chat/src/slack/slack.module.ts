import { Module } from '@nestjs/common';
import { OperationsModule } from '../operations/operations.module.js';
import { SearchModule } from '../search/search.module.js';
import { ExportsRepository } from './exports.repository.js';
import { ImportChannels } from './import-channels.service.js';
import { ImportPeople } from './import-people.service.js';
import { ImportedMessagesRepository } from './imported-messages.repository.js';
import { ImportsRepository } from './imports.repository.js';
import { SlackExport } from './slack-export.service.js';
import { SlackImport } from './slack-import.service.js';

@Module({
  imports: [OperationsModule, SearchModule],
  providers: [
    ImportChannels,
    ImportPeople,
    ImportedMessagesRepository,
    ImportsRepository,
    SlackImport,
    ExportsRepository,
    SlackExport,
  ],
})
export class SlackModule {}

import { Global, Module } from '@nestjs/common';
import { Database } from '#db';
import { CONFIG, LOGGER, type Logger } from '#platform';
import type { ChatConfig } from '../config.js';
import { startBoss } from './boss.js';
import { JobRunner } from './job-runner.js';
import { BOSS, Jobs } from './jobs.service.js';

@Global()
@Module({
  providers: [
    {
      provide: BOSS,
      inject: [Database, CONFIG, LOGGER],
      useFactory: (database: Database, config: ChatConfig, log: Logger) =>
        startBoss(database, { supervise: config.roles.includes('worker'), log }),
    },
    JobRunner,
    Jobs,
  ],
  exports: [Jobs],
})
export class JobsModule {}

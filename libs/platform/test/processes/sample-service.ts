import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Module } from '@nestjs/common';
import { z } from 'zod';
import {
  Counter,
  logSettings,
  serverSettings,
  setting,
  startService,
  telemetrySettings,
  workersSetting,
} from '#platform';

const asked = new Counter({ name: 'sample_asked_total', help: 'Questions for the pid' });

@Controller()
class PidController {
  @Get('pid')
  pid() {
    asked.inc();
    return { pid: process.pid };
  }

  @Get('slow')
  async slow() {
    await delay(1000);
    return { pid: process.pid };
  }
}

@Module({ controllers: [PidController] })
class SampleModule {}

await startService({
  name: 'sample',
  config: z.object({
    server: serverSettings(1),
    workers: workersSetting,
    log: logSettings,
    telemetry: telemetrySettings,
    broken: setting(z.stringbool().default(false), { env: 'BROKEN', description: 'cannot start' }),
  }),
  engines: () => ({}),
  module: SampleModule,
  prepare: async (_app, { broken }) => {
    if (broken) throw new Error('broken');
  },
});

import 'reflect-metadata';
import { startService } from '#platform';
import { ChatModule } from './chat.module.js';
import { ChatConfig } from './config.js';
import { prepare } from './prepare.js';

await startService({
  name: 'chat',
  config: ChatConfig,
  engines: (config) => ({ Postgres: config.postgres.url, NATS: config.nats.url, Redis: config.redis.url }),
  module: ChatModule,
  prepare,
});
